using Flume.Query.Json;
using Flume.Ssb.Api;
using Flume.TestKit;
using Flume.Views.Registered;

namespace Flume.Actors.Tests.ClientViews;

/// <summary>Calls of the API table for alice of an engine, each with a time limit.</summary>
internal sealed class RegisteredRig(EngineRig rig)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public IRegisteredViews Views => rig.Alice.Registered!;

    public static ViewDefinition Posts { get; } = Declare(
        "posts", """[{"$filter":{"value":{"content":{"type":"post"}}}},{"$map":["value","sequence"]}]""");

    public static ViewDefinition Types { get; } = Declare(
        "types",
        """[{"$reduce":{"type":["value","content","type"],"n":{"$count":true},"last":{"$max":["value","sequence"]}}}]""");

    public static ViewDefinition Declare(string name, string query) =>
        ViewDefinition.Declared(name, JsValue.Parse(query).AsArray);

    public async Task<JsValue> CallAsync(string method, params string[] args)
    {
        BuiltInApi.Table.TryGet(method, out ApiMethod found);
        return await found.Call!(Call(args, CancellationToken.None)).AsTask().WaitAsync(Patience);
    }

    /// <summary>All items of a source that ends.</summary>
    public async Task<string> ReadAsync(string name, string options = "{}")
    {
        using CancellationTokenSource patience = new(Patience);
        JsArray items = new();
        await foreach (JsValue item in Open("views.read", patience.Token, $"\"{name}\"", options)) items.Add(item);
        return JsValue.From(items).ToJson();
    }

    public IAsyncEnumerable<JsValue> Open(string method, CancellationToken cancel, params string[] args)
    {
        BuiltInApi.Table.TryGet(method, out ApiMethod found);
        return found.Open!(Call(args, cancel));
    }

    /// <summary>The next item of a source that does not end.</summary>
    public static async Task<JsValue> NextAsync(IAsyncEnumerator<JsValue> items)
    {
        Assert.True(await items.MoveNextAsync().AsTask().WaitAsync(Patience), "the stream ended");
        return items.Current;
    }

    private ApiCall Call(string[] args, CancellationToken cancel) =>
        new(rig.Alice, new JsArray(args.Select(JsValue.Parse)), cancel);
}
