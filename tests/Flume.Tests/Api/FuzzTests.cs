using Flume.Api;
using Flume.Codec.Json;
using Flume.Generate;
using Flume.Tests.Api.Parity;
using Xunit;
using Xunit.Abstractions;

namespace Flume.Tests.Api;

/// <summary>Whatever a caller sends, a method answers or says what is wrong: nothing else leaves it.</summary>
public sealed class FuzzTests(ITestOutputHelper output)
{
    private const int Calls = 4000;
    private const int RowsMax = 30;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>After this a stream that gives nothing is told that its caller has gone: some only ever give news.</summary>
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
        int seed = int.TryParse(Environment.GetEnvironmentVariable("FLUME_TEST_SEED"), out int given) ? given : Random.Shared.Next(1_000_000);
        output.WriteLine($"FLUME_TEST_SEED={seed}");
        using ParityWorld world = new(new GenerateOptions { Messages = 150, Authors = 4, Seed = 3 });
        Vocabulary words = new(world.Messages, world.Offsets, new Random(seed));
        ApiMethod[] methods = [.. BuiltInApi.Table.Methods.Where(method => method.Kind != ApiKind.Sink && method.OpenBytes is null && method.Name is not ("rebuild" or "del"))];
        for (int i = 0; i < Calls; i++)
        {
            ApiMethod method = words.Pick(methods);
            JsArray args = new();
            for (int j = words.Next(4); j > 0; j--) args.Add(Value(words, 3));
            string asked = $"{method.Name} {JsValue.From(args).ToJson()}, FLUME_TEST_SEED={seed}";
            try
            {
                await RunAsync(method, world.Identity, args);
            }
            catch (ApiException)
            {
            }
            catch (Exception error)
            {
                Assert.Fail($"{asked}: {error}");
            }
        }
    }

    private static async Task RunAsync(ApiMethod method, IIdentity identity, JsArray args)
    {
        using CancellationTokenSource enough = new();
        ApiCall call = new(new WaitWatch(identity) { Waiting = enough.Cancel }, args, enough.Token);
        try
        {
            if (method.Kind != ApiKind.Source)
            {
                Task answer = method.Call!(call).AsTask();
                if (!answer.IsCompleted) enough.CancelAfter(TimeSpan.FromSeconds(1)); // blobs.want waits for its blob
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

    private static JsValue Value(Vocabulary words, int depth)
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
