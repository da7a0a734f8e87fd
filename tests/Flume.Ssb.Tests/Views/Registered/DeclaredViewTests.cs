using System.Text;
using Flume.Log;
using Flume.Query.Json;
using Flume.Query.MapFilterReduce;
using Flume.Query.MapFilterReduce.Folding;
using Flume.Ssb.Api.Registered;
using Flume.Ssb.Messages;
using Flume.TestKit;
using Flume.Views.Indexing;
using Flume.Views.Registered;
using Flume.Views.Store;
using Xunit;
using Xunit.Abstractions;

namespace Flume.Ssb.Tests.Views.Registered;

/// <summary>
/// A declared view contains the results of its query: after any steps, after restarts, and after a rebuild.
/// </summary>
public sealed class DeclaredViewTests(ITestOutputHelper output)
{
    private readonly Dice _dice = new();

    [Fact]
    public void Random_queries_kept_up_to_date_give_what_a_naive_evaluator_gives_of_the_whole_log()
    {
        int compared = 0, folded = 0;
        for (int i = 0; i < 600; i++)
        {
            RandomQueries random = new(_dice);
            JsArray query = new([JsValue.Parse("""{"$map":"value"}"""), .. random.Query()]);
            if (TryCompile(query) is not { } view) continue;
            JsArray messages = new(Enumerable.Range(0, _dice.Next(9)).Select(n => Message(n, random.Record())));
            if (Naive(query, messages) is not { } expected || HasObjectKeys(view.Query, messages)) continue;
            string given = Kept(view, messages);
            string of = $"{JsValue.From(query).ToJson()}\nof {JsValue.From(messages).ToJson()}";
            Assert.True(expected == given, $"{of}\nnaive {expected}\nkept  {given}\n{_dice.Replay}");
            compared++;
            if (view is GroupsView && messages.Count > 0) folded++;
        }
        output.WriteLine($"{compared} compared, {folded} of them folded");
        Assert.True(
            compared > 150 && folded > 50, $"only {compared} were compared, {folded} of them folded; {_dice.Replay}");
    }

    [Theory]
    [InlineData(
        """[{"$filter":{"value":{"content":{"type":"post"}}}},{"$map":{"who":["value","author"],"seq":["value","sequence"]}}]""")]
    [InlineData(
        """[{"$reduce":{"type":["value","content","type"],"n":{"$count":true},"last":{"$max":["value","timestamp"]}}}]""")]
    [InlineData("""[{"$filter":{"value":{"private":true}}},{"$reduce":{"$collect":["value","content"]}}]""")]
    public void Rows_of_a_hostile_log_are_the_same_grown_restarted_and_built_at_once(string query)
    {
        using HostileLog log = new(output);
        DeclaredView view = View(JsValue.Parse(query).AsArray);
        using StoreFolder restarted = new(view), built = new(view);
        while (restarted.Store.Checkpoint.Since < log.Log.Head)
        {
            log.Grow(new ViewIndexer(view, restarted.Store), log.SomeOffset());
            restarted.Reopen();
        }
        if (view is ItemsView) built.Rebuild(log.Log, log.Boxes);
        else log.Grow(new ViewIndexer(view, built.Store), log.Log.Head);

        Assert.Equal(Dump(built.Store), Dump(restarted.Store));
        Assert.NotEmpty(Dump(built.Store));
        Assert.Equal(log.Faulty, restarted.Store.Checkpoint.Skipped);
    }

    [Fact]
    public void More_groups_than_allowed_stop_the_view_with_the_limit_and_what_was_committed_stays()
    {
        RegisteredLimits limits = RegisteredLimits.Default with { GroupsMax = 3 };
        var view = (GroupsView)DeclaredView.Create(Define(
            """[{"$reduce":{"a":["value","a"],"n":{"$count":true}}}]"""), limits);
        using Grown grown = new(new JsArray(Enumerable.Range(0, 10).Select(
            n => Message(n, JsValue.From(new JsObject().Set("a", JsValue.From((double)n)))))));
        MemoryViewStore store = new();
        grown.Step(new ViewIndexer(view, store), 3);
        ViewLimitException full = Assert.Throws<ViewLimitException>(() => grown.Step(new ViewIndexer(view, store), 7));

        Assert.Contains("flume.views.registered.groups-max", full.Message);
        Assert.Equal("""[{"a":0,"n":1},{"a":1,"n":1},{"a":2,"n":1}]""", Read(view, store));
    }

    [Fact]
    public void What_one_group_collects_has_a_limit()
    {
        RegisteredLimits limits = RegisteredLimits.Default with { GroupBytesMax = 1000 };
        var view = (GroupsView)DeclaredView.Create(Define("""[{"$reduce":{"$collect":["value","text"]}}]"""), limits);
        JsValue value = JsValue.Parse("""{"text":"fifty letters and some more to be held in memory"}""");
        using Grown grown = new(new JsArray(Enumerable.Range(0, 100).Select(n => Message(n, value))));

        ViewLimitException full = Assert.Throws<ViewLimitException>(
            () => grown.Step(new ViewIndexer(view, new MemoryViewStore()), 100));
        Assert.Contains("flume.views.registered.group-bytes-max", full.Message);
    }

    [Theory]
    [InlineData("""[{"$sort":[["timestamp"]]}]""", "$sort")]
    [InlineData("""[{"$nothing":true}]""", "unknown function:$nothing")]
    [InlineData(
        """[{"$reduce":{"a":"key","rows":{"$reduce":{"b":"value","n":{"$count":true}}}}}]""", "inside a $reduce")]
    public void A_query_that_cannot_be_kept_up_to_date_is_refused(string query, string why)
    {
        QueryException refused = Assert.ThrowsAny<QueryException>(() => Define(query));
        Assert.Contains(why, refused.Message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Posts")]
    [InlineData("a/b")]
    [InlineData("rebuild")]
    [InlineData("registry")]
    public void A_name_that_is_none_is_refused(string name) =>
        Assert.Throws<ArgumentException>(() => ViewDefinition.Declared(name, []));

    [Fact]
    public void Another_query_is_another_version_and_the_same_one_the_same() =>
        Assert.True(Define("[]").Version == Define("[ ]").Version && Define("[]").Version != Define("[null]").Version);

    private static ViewDefinition Define(string query) =>
        ViewDefinition.Declared("declared", JsValue.Parse(query).AsArray);

    private static DeclaredView View(JsArray query) =>
        DeclaredView.Create(ViewDefinition.Declared("declared", query), RegisteredLimits.Default);

    private static DeclaredView? TryCompile(JsArray query)
    {
        try
        {
            return View(query);
        }
        catch (QueryException)
        {
            return null;
        }
    }

    private static string? Naive(JsArray query, JsArray messages)
    {
        try
        {
            return JsValue.From(new JsArray(new NaiveQuery().Run(query, messages))).ToJson();
        }
        catch (QueryException)
        {
            return null;
        }
    }

    /// <summary>True for objects as group keys. Two of them make the query fail, but a view skips each.</summary>
    private static bool HasObjectKeys(IncrementalQuery query, JsArray messages) =>
        query.Fold is { } fold && query.Before.Run(messages).Any(item => !fold.TryKey(item, out _));

    private static JsValue Message(int number, JsValue value) => JsValue.From(new JsObject()
        .Set("key", JsValue.From($"%{number}")).Set("value", value).Set("timestamp", JsValue.From((double)number)));

    private string Kept(DeclaredView view, JsArray messages)
    {
        using Grown grown = new(messages);
        MemoryViewStore store = new();
        ViewIndexer indexer = new(view, store);
        while (grown.Step(indexer, 1 + _dice.Next(4)))
        {
            if (_dice.OneIn(2)) indexer = new ViewIndexer(view, store);
        }
        return Read(view, store);
    }

    private static string Read(DeclaredView view, IViewStore store)
    {
        using IViewReader rows = store.OpenReader();
        RowSource source = view is GroupsView groups ? new GroupSource(groups) : new ItemSource();
        return JsValue.From(new JsArray(source.Stored(rows, ReadOptions.Parse(JsValue.Undefined)))).ToJson();
    }

    private static List<string> Dump(IViewStore store)
    {
        using IViewReader rows = store.OpenReader();
        return [.. rows.Rows([]).Select(row => $"{Convert.ToHexString(row.Key)} {Convert.ToHexString(row.Value)}")];
    }

    /// <summary>A log of messages, indexed in steps.</summary>
    private sealed class Grown : IDisposable
    {
        private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("flume-declared-");
        private readonly OffsetLog _log;
        private readonly DecodedBatches _runs;

        public Grown(JsArray messages)
        {
            _log = OffsetLog.Open(Path.Combine(_folder.FullName, "log.offset"));
            if (messages.Count > 0)
                _log.Append([.. messages.Select(message =>
                    (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(message.ToJson()))], Durability.Os);
            _runs = new DecodedBatches(_log, new SsbFormat(null));
        }

        public bool Step(ViewIndexer indexer, int records)
        {
            using DecodedBatch? run = _runs.Take(indexer.Since, new RunLimits(records, 1 << 20));
            if (run is null) return false;
            indexer.Step(run);
            return true;
        }

        public void Dispose()
        {
            _log.Dispose();
            _folder.Delete(recursive: true);
        }
    }
}
