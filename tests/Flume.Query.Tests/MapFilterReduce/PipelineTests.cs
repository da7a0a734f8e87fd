using Flume.Query.Json;
using Flume.Query.MapFilterReduce;
using Xunit;

namespace Flume.Query.Tests.MapFilterReduce;

/// <summary>The run of a query: limits, ends, buffers and errors.</summary>
public class PipelineTests
{
    [Fact]
    public void The_limit_stops_the_read_at_once()
    {
        int read = 0;
        string results = Json(Compile("""[{"$filter":{"$gt":2}},{"$map":{"n":[]}}]""").Run(Numbers(() => read++), 3));
        Assert.Equal("""[{"n":3},{"n":4},{"n":5}]""", results);
        Assert.Equal(6, read);
    }

    [Fact]
    public void A_live_run_gives_each_result_as_its_item_comes()
    {
        PipelineRun run = Compile("""[{"$filter":{"type":"post"}},{"$map":"text"}]""").Start();
        Assert.True(run.Push(JsValue.Parse("""{"type":"vote"}""")));
        Assert.False(run.TryTake(out _));
        Assert.True(run.Push(JsValue.Parse("""{"type":"post","text":"hi"}""")));
        Assert.True(run.TryTake(out JsValue result));
        Assert.Equal("hi", result.AsString);
    }

    [Fact]
    public void A_live_run_ends_at_its_limit()
    {
        PipelineRun run = Compile("[]").Start(resultsMax: 2);
        Assert.True(run.Push(JsValue.True));
        Assert.False(run.IsDone);
        Assert.False(run.Push(JsValue.True));
        Assert.True(run.IsDone);
        Assert.False(run.Push(JsValue.True));
        Assert.True(run.TryTake(out _) && run.TryTake(out _) && !run.TryTake(out _));
    }

    [Theory]
    [InlineData("""[{"$filter":{}},{"$map":true}]""", false)]
    [InlineData("""[{"$sort":["a"]}]""", true)]
    [InlineData("""[{"$filter":{}},{"$reduce":{"$count":true}}]""", true)]
    public void A_pipeline_says_whether_it_waits_for_the_end(string query, bool waits) =>
        Assert.Equal(waits, Compile(query).WaitsForEnd);

    [Theory]
    [InlineData("""[{"$sort":[["n"]]}]""", "$sort")]
    [InlineData("""[{"$reduce":{"$collect":true}}]""", "$collect")]
    [InlineData("""[{"$reduce":{"n":"n"}}]""", "$reduce")]
    [InlineData("""[{"$reduce":{"t":{"$type":true},"n":{"$collect":"n"}}}]""", "$collect")]
    public void What_a_query_holds_is_limited_by_number(string query, string stage)
    {
        JsValue[] items = [.. Enumerable.Range(0, 12).Select(n => JsValue.Parse($$"""{"n":{{n}}}"""))];
        QueryPipeline pipeline = Compile(query);
        Assert.NotEmpty(pipeline.Run(items[..9], limits: new QueryLimits(HeldItemsMax: 10)));
        var error = Assert.Throws<QueryLimitException>(
            () => pipeline.Run(items, limits: new QueryLimits(HeldItemsMax: 10)).ToArray());
        Assert.StartsWith($"{stage} cannot hold 11 items in memory: the limit flume.reads.held-items-max is 10.", error.Message);
    }

    [Fact]
    public void What_a_query_holds_is_limited_by_size()
    {
        JsValue item = JsValue.Parse("\"" + new string('x', 600) + "\"");
        QueryPipeline pipeline = Compile("""[{"$sort":[]}]""");
        Assert.Single(pipeline.Run([item], limits: new QueryLimits(HeldBytesMax: 1000)));
        var error = Assert.Throws<QueryLimitException>(
            () => pipeline.Run([item, item], limits: new QueryLimits(HeldBytesMax: 1000)).ToArray());
        Assert.Contains("held-bytes-max is 1000", error.Message);
    }

    [Theory]
    [InlineData("""[{"$nothing":1}]""", "unknown function:$nothing")]
    [InlineData("""[{"filter":{}}]""", "unknown function:filter")]
    [InlineData("""[{"$filter":{"a":{"$foo":1}}}]""", """could not process:{"$foo":1}""")]
    [InlineData("""[{"$map":null}]""", "could not process:null")]
    [InlineData("""[{"$map":{"a":[{"b":1}]}}]""", """could not process:{"b":1}""")]
    [InlineData("""[{"$map":1.5}]""", "could not process:1.5")]
    [InlineData("""[{"$reduce":{"n":{"$sum":false}}}]""", "could not process:false")]
    [InlineData("""[{"$filter":{"a":{"$in":5}}}]""",
        """could not process:{"$in":5}: $in takes an array or a string.""")]
    [InlineData("""[{"$filter":{"a":{"$prefix":null}}}]""",
        """could not process:{"$prefix":null}: $prefix takes a string or an array.""")]
    [InlineData("[{}]",
        "A stage of a query cannot be {}: expected an object whose first name is $filter, $map, $reduce or $sort.")]
    public void A_mistake_in_a_query_is_found_before_it_runs(string query, string problem) =>
        Assert.Equal(problem, Assert.Throws<QueryException>(() => Compile(query)).Message);

    [Fact]
    public void A_query_nested_beyond_reason_is_refused()
    {
        string query = $$"""[{"$filter":{{Nested("{\"a\":", "1", "}")}}}]""";
        Assert.Contains("nests deeper than 200", Assert.Throws<QueryException>(() => Compile(query)).Message);
        Assert.Throws<QueryException>(() => Compile($$"""[{"$map":{{Nested("[", "1", "]")}}}]"""));
        Assert.Throws<QueryException>(() => Compile($$"""[{"$reduce":{{Nested("{\"a\":", "1", "}")}}}]"""));
    }

    [Fact]
    public void A_record_nested_beyond_reason_stops_no_query()
    {
        JsValue deep = JsValue.Parse($$"""{"a":{{Nested("[", "1", "]", 100_000)}}}""");
        Assert.Empty(Compile("""[{"$filter":{"a":{"$gt":5}}}]""").Run([deep]));
        Assert.Single(Compile("""[{"$reduce":{"a":"a"}}]""").Run([deep]));
        Assert.Equal(0, CharwiseComparer.Instance.Compare(deep["a"], deep["a"]));
    }

    [Fact]
    public void One_compiled_query_runs_on_many_threads()
    {
        QueryPipeline pipeline = Compile("""
            [{"$filter":{"$gte":10}},{"$reduce":{"odd":{"$mod":2},"sum":{"$sum":true}}}]
            """);
        string expected = Json(pipeline.Run(Numbers().Take(500)));
        string[] all = new string[8];
        Parallel.For(0, all.Length, i => all[i] = Json(pipeline.Run(Numbers().Take(500))));
        Assert.All(all, json => Assert.Equal(expected, json));
    }

    private static string Nested(string open, string inner, string close, int depth = 1000) =>
        string.Concat(Enumerable.Repeat(open, depth)) + inner + string.Concat(Enumerable.Repeat(close, depth));

    private static IEnumerable<JsValue> Numbers(Action? onRead = null)
    {
        for (int i = 0; ; i++)
        {
            onRead?.Invoke();
            yield return JsValue.From((double)i);
        }
    }

    private static QueryPipeline Compile(string query) => QueryPipeline.Compile(JsValue.Parse(query));

    private static string Json(IEnumerable<JsValue> items) => JsValue.From(new JsArray(items)).ToJson();
}
