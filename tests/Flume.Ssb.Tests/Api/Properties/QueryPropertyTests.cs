using Flume.Log;
using Flume.Query.Json;
using Flume.Query.MapFilterReduce;
using Flume.Ssb.Api;
using Flume.Ssb.Queries;
using Flume.Ssb.Tests.Api.Parity;
using Flume.Ssb.Views.Backlinks;
using Flume.Ssb.Views.Links;
using Flume.Ssb.Views.Query;
using Flume.TestKit;
using Flume.Views;
using Xunit;
using Xunit.Abstractions;

namespace Flume.Ssb.Tests.Api.Properties;

/// <summary>Random queries on random logs: the views and a naive fold return the same rows in the same order.</summary>
[Trait("Category", "Slow")]
public sealed class QueryPropertyTests(ITestOutputHelper output)
{
    private const int Logs = 8;
    private const int QueriesEach = 250;
    private const int Records = 60;

    [Fact]
    public async Task Two_thousand_random_queries_are_answered_as_a_plain_fold_answers_them()
    {
        int seed = TestSeed.Draw();
        Verdict verdict = new(output, seed);
        Random random = new(seed);
        for (int log = 0; log < Logs; log++) await OneLogAsync(random, verdict);
        verdict.Close();
    }

    private static async Task OneLogAsync(Random random, Verdict verdict)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("flume-property-");
        try
        {
            RandomNetwork world = new(random);
            List<JsValue> messages = [.. Enumerable.Range(0, Records).Select(_ => JsValue.Parse(JsValue.From(world.Next()).ToJson()))];
            using LocalIdentity identity = await GrownAsync(folder.FullName, messages);
            WildReads reads = new(world);
            for (int i = 0; i < QueriesEach; i++)
            {
                (string method, QueryModel model) = world.Pick<(string, QueryModel)>(
                    ("query.read", SsbQueryModel.Instance), ("backlinks.read", BacklinksModel.Instance),
                    ("links2.read", LinksModel.Instance));
                JsValue options = JsValue.Parse(reads.Options(method).ToJson());
                JsValue actual = await FlumeSide.AnswerAsync(identity, RandomStreams.Call(method, options));
                verdict.Add($"{method} {options.ToJson()}", Difference.Between(Expected(model, messages, options), actual));
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>Indexes half of the records in bulk and half one by one.</summary>
    private static async Task<LocalIdentity> GrownAsync(string folder, List<JsValue> messages)
    {
        LocalIdentity identity = new(folder, "", null, new ViewCatalog([new QueryView(), new BacklinksView(), new LinksView()]));
        await ((IIdentity)identity).AppendAsync(Payloads(messages.Take(Records / 2)), Durability.Os);
        identity.Rebuild();
        await ((IIdentity)identity).AppendAsync(Payloads(messages.Skip(Records / 2)), Durability.Os);
        return identity;
    }

    private static ReadOnlyMemory<byte>[] Payloads(IEnumerable<JsValue> messages) =>
        [.. messages.Select(message => (ReadOnlyMemory<byte>)JsWriter.ToUtf8(message))];

    private static JsValue Expected(QueryModel model, List<JsValue> messages, JsValue options)
    {
        try
        {
            return JsValue.Parse(JsValue.From(new JsObject()
                .Set("rows", JsValue.From(new JsArray(NaiveReads.Run(model, messages, options))))).ToJson());
        }
        catch (QueryException error)
        {
            return JsValue.From(new JsObject().Set("error", JsValue.From(new JsObject()
                .Set("name", JsValue.From("Error")).Set("message", JsValue.From(error.Message)))));
        }
    }
}
