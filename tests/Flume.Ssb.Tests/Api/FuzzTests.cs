using Flume.Query.Json;
using Flume.Ssb.Api;
using Flume.Ssb.Tests.Api.Parity;
using Flume.TestKit;
using Flume.Tools.Generate;
using Flume.Views;
using Xunit;
using Xunit.Abstractions;

namespace Flume.Ssb.Tests.Api;

/// <summary>Random arguments: every method returns a result or an API error, and no other exception.</summary>
public sealed class FuzzTests(ITestOutputHelper output)
{
    private const int Calls = 4000;
    private const int RowsMax = 30;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>
    /// The time after which a stream without results is cancelled. Some streams only emit live changes.
    /// </summary>
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(20);

    private static readonly string[] Names =
    [
        "id", "key", "keys", "dest", "source", "rel", "type", "query", "index", "limit", "reverse", "live", "old", "sync", "values",
        "meta", "private", "unbox", "gt", "gte", "lt", "lte", "min", "max", "start", "end", "seq", "sequence", "seqs", "raw", "authorId",
        "details", "state", "reason", "recps", "content", "author", "previous", "timestamp", "hash", "signature", "value", "$filter", "$map",
        "$reduce", "$sort", "$prefix", "$in", "$gt", "$lt", "$is", "$eq", "$count", "link", "0", "1", "length", "",
    ];

    [Fact]
    public async Task Every_method_answers_or_says_what_is_wrong_whatever_it_is_sent()
    {
        int seed = TestSeed.Draw();
        output.WriteLine($"FLUME_SEED={seed}");
        using ParityWorld world = new(new GenerateOptions { Messages = 150, Authors = 4, Seed = 3 });
        Vocabulary words = new(world.Messages, world.Offsets, new Random(seed));
        ApiMethod[] methods = [.. BuiltInApi.Table.Methods.Where(method => method.Name != "rebuild")];
        for (int i = 0; i < Calls; i++)
        {
            ApiMethod method = words.Pick(methods);
            JsArray args = new();
            for (int j = words.Next(4); j > 0; j--) args.Add(Value(words, 3));
            // Every delete rebuilds all views here, so the test deletes once.
            if (method.Name == "del" && args.Count > 0 && Parameters.IsFeed(args[0])) continue;
            string asked = $"{method.Name} {JsValue.From(args).ToJson()}, FLUME_SEED={seed}";
            try
            {
                await RunAsync(method, world.Identity, args, words);
            }
            catch (Exception error) when (error is ApiException or UnknownViewException)
            {
            }
            catch (Exception error)
            {
                Assert.Fail($"{asked}: {error}");
            }
        }
    }

    private static async Task RunAsync(ApiMethod method, IIdentity identity, JsArray args, Vocabulary words)
    {
        using CancellationTokenSource enough = new();
        ApiCall call = new(new WaitWatch(identity) { Waiting = enough.Cancel }, args, enough.Token);
        try
        {
            if (method.OpenBytes is not null)
            {
                enough.CancelAfter(Patience);
                await foreach (ReadOnlyMemory<byte> _ in method.OpenBytes(call).WithCancellation(enough.Token)) break;
                return;
            }
            if (method.Kind != ApiKind.Source)
            {
                Task answer = Answer(method, call, words);
                if (method.Name == "blobs.want") enough.CancelAfter(Rest); // it waits for its blob
                await answer.WaitAsync(Patience);
                return;
            }
            int rows = 0;
            await using IAsyncEnumerator<JsValue> items = method.Open!(call).GetAsyncEnumerator();
            while (rows++ < RowsMax)
            {
                Task<bool> next = items.MoveNextAsync().AsTask();
                if (!next.IsCompleted) enough.CancelAfter(Rest);
                if (!await next.WaitAsync(Patience)) return;
                items.Current.ToJson();
            }
        }
        catch (OperationCanceledException) when (enough.IsCancellationRequested)
        {
        }
    }

    /// <summary>A call with one result, or with a few items or bytes as input.</summary>
    private static Task Answer(ApiMethod method, ApiCall call, Vocabulary words)
    {
        if (method.Kind != ApiKind.Sink) return method.Call!(call).AsTask();
        JsValue[] items = [.. Enumerable.Range(0, words.Next(4)).Select(_ => Value(words, 3))];
        return method.Accept is not null
            ? method.Accept(call, items.ToAsyncEnumerable()).AsTask()
            : method.AcceptBytes!(call, items.Select(item => JsWriter.ToUtf8(item)).ToAsyncEnumerable()).AsTask();
    }

    /// <summary>A random value: values of the log and names of options, nested.</summary>
    internal static JsValue Value(Vocabulary words, int depth)
    {
        switch (words.Next(depth > 0 ? 14 : 8))
        {
            case 0: return words.Json(words.Pick("null", "true", "false", "0", "-1", "5", "1e300", "0.5", "-2.5", "9007199254740993"));
            case 1: return words.Key();
            case 2: return words.Author();
            case 3: return words.Link();
            case 4: return JsValue.From(words.Pick("", "x", "post", "@", "%", "#chan", "name", "[", "{}", "\ud800", "toString"));
            case 5: return words.Offset();
            case 6: return words.Received();
            case 7: return words.Message();
            case 8:
                JsArray items = new();
                for (int i = words.Next(4); i > 0; i--) items.Add(Value(words, depth - 1));
                return JsValue.From(items);
            default:
                JsObject members = new();
                for (int i = words.Next(6); i > 0; i--) members.Set(words.Pick(Names), Value(words, depth - 1));
                return JsValue.From(members);
        }
    }
}
