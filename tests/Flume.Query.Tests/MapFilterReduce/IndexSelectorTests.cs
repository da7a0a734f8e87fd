using System.Runtime.CompilerServices;
using Flume.Query.Json;
using Flume.Query.MapFilterReduce;
using Flume.Query.MapFilterReduce.Planning;
using Flume.Ssb.Views.Query;
using Flume.TestKit;
using Xunit;

namespace Flume.Query.Tests.MapFilterReduce;

/// <summary>The index and bounds of a query, and their explanation.</summary>
public class IndexSelectorTests
{
    private readonly Dice _dice = new();

    [Theory]
    [InlineData("""{"value":{"content":{"type":"post"}}}""", "typ")]
    [InlineData("""{"value":{"author":"@a","content":{"type":"post"}}}""", "aty")]
    [InlineData("""{"value":{"author":"@a","timestamp":{"$gt":5}}}""", "clk")]
    [InlineData("""{"value":{"content":{"type":"post","root":"%r"}}}""", "typ")]
    [InlineData("""{"timestamp":{"$gt":5}}""", "log")]
    [InlineData("""{"rts":{"$gt":5}}""", "lor")]
    [InlineData("""{"value":{"content":{"type":{"$in":["post"]}}}}""", null)]
    [InlineData("""{"value":{"content":{"$is":"string"}}}""", null)]
    [InlineData("""{"value":null}""", null)]
    [InlineData("true", null)]
    public void The_index_is_the_one_JavaScript_chooses(string filter, string? index) =>
        Assert.Equal(index, Plan($$"""{"query":[{"$filter":{{filter}}}]}""").Index?.Key);

    [Fact]
    public void Explanations_equal_those_recorded_of_ssb_query()
    {
        int compared = 0;
        foreach (string line in File.ReadLines(Golden("query.jsonl")))
        {
            JsValue test = JsValue.Parse(line), expected = test["expected"]["explain"], request = test["request"];
            if (!expected.IsObject) continue;
            JsObject ours = Plan(request["args"][0]).Explain(usesAlternative: false);
            foreach (string name in (string[])["index", "gte", "lte", "reverse", "scores"])
            {
                JsValue recorded = expected[name], explained = ours[name];
                if (recorded.IsUndefined || recorded["$undefined"].IsTruthy) continue;
                Assert.Equal(Undefined(recorded).ToJson(), explained.IsUndefined ? "absent" : explained.ToJson());
            }

            Assert.Equal(expected["scan"].IsTruthy, ours["scan"].IsTruthy);
            compared++;
        }

        Assert.True(compared >= 20, $"only {compared} explanations were found");
    }

    [PeerFact]
    public void Random_requests_are_explained_as_flumeview_query_explains_them() => Compare("query");

    [PeerFact]
    public void Random_requests_choose_the_index_and_bounds_of_flumeview_links() => Compare("links");

    [Fact]
    public void An_explanation_has_JavaScripts_members_in_its_order()
    {
        QueryPlan plan = Plan("""
            {"query":[{"$filter":{"timestamp":{"$gt":5},"value":{"content":{"type":"post"}}}}],
             "reverse":true,"sync":false}
            """);
        string expected = """{"gte":["post",5],"lte":["post",null],"reverse":true,"old":true,"live":false""" +
            ""","sync":false,"index":"typ","scores":{"log":1,"typ":5,"tya":2}}""";
        Assert.Equal(expected, JsValue.From(plan.Explain()).ToJson());
    }

    [Fact]
    public void A_scan_is_explained_with_what_is_read_instead()
    {
        QueryPlan plan = Plan("""{"query":[{"$filter":{"value":{"content":{"type":{"$in":["post","vote"]}}}}}]}""");
        string expected = """{"scan":true,"reverse":false,"live":false,"old":true,"sync":false""" +
            ""","flume":{"index":"typ","starts":[["post"],["vote"]]}}""";
        Assert.Equal(expected, JsValue.From(plan.Explain()).ToJson());
    }

    [Fact]
    public void Several_types_with_a_time_become_several_ranges()
    {
        QueryPlan plan = Plan("""
            {"query":[{"$filter":{"value":{"content":{"type":{"$in":["vote","post"]}}},"timestamp":{"$gte":5}}}]}
            """);
        Assert.Equal("log", plan.Index!.Key);
        IndexAccess typ = IndexAccess.Of(SsbIndexes.Query[2], plan.Facts);
        Assert.Equal("""["post"]["vote"]""", string.Concat(typ.Starts.Select(start => Json(new JsArray(start)))));
        Assert.True(typ.Next!.Contains(JsValue.From(5)) && !typ.Next.Contains(JsValue.From(4)));
    }

    [Fact]
    public void A_last_sort_that_is_an_index_chooses_it()
    {
        QueryPlan query = Plan("""{"query":[{"$filter":{"timestamp":1}},{"$sort":[["rts"]]}]}""");
        Assert.Equal("lor", query.Index!.Key);
        Assert.True(query.IsForced && query.Pipeline.WaitsForEnd);
        Assert.Null(Plan("""{"query":[{"$filter":{"timestamp":1}},{"$sort":["rts"]}]}""").Index);

        const string Sorted = """{"query":[{"$filter":{"dest":"x"}},{"$sort":[["dest"],["rts"]]}]}""";
        QueryPlan links = Plan(Sorted, SsbIndexes.Backlinks);
        Assert.Equal("DTA", links.Index!.Key);
        Assert.False(links.Pipeline.WaitsForEnd);
        const string Other = """{"query":[{"$sort":["other"]}]}""";
        var error = Assert.Throws<QueryException>(() => Plan(Other, SsbIndexes.Backlinks));
        Assert.Equal("could not sort by:[\"other\"]", error.Message);
    }

    [Fact]
    public void An_index_can_be_named()
    {
        QueryPlan plan = Plan("""{"query":[{"$filter":{"dest":"x"}}],"index":"DTA"}""", SsbIndexes.Backlinks);
        Assert.Equal("DTA", plan.Index!.Key);
        Assert.Equal("""["x"]""", JsValue.From(new JsArray(plan.Access!.Starts[0])).ToJson());
        var error = Assert.Throws<QueryException>(() => Plan("""{"index":"XYZ"}""", SsbIndexes.Backlinks));
        Assert.Equal("Invalid index: XYZ", error.Message);
    }

    [Fact]
    public void A_query_that_is_an_object_is_a_range_and_filters_nothing()
    {
        QueryPlan plan = Plan("""{"query":{"timestamp":{"$gt":5},"other":1}}""");
        Assert.Equal("log", plan.Index!.Key);
        Assert.True(plan.Access!.Next!.Contains(JsValue.From(5)) && !plan.Access.Next.Contains(JsValue.From(4)));
        Assert.Single(plan.Pipeline.Run([JsValue.Parse("""{"timestamp":1}""")]));
    }

    [Fact]
    public void What_JavaScript_cannot_write_into_bounds_is_written_as_meant()
    {
        QueryPlan exact = Plan("""{"query":[{"$filter":{"value":{"author":{"$eq":"@a"}}}}]}""");
        Assert.Equal("""["@a",null]["@a",null]""", Json(exact.Gte) + Json(exact.Lte));
        QueryPlan prefix = Plan("""{"query":[{"$filter":{"rel":{"$prefix":["vote"]}}}]}""", SsbIndexes.Links);
        Assert.True(prefix.Gte[0][1].IsNull && prefix.Lte[0][1].IsUndefined);
        QueryPlan any = Plan("""{"query":[{"$filter":{"dest":{"$in":["x","y"]}}}]}""", SsbIndexes.Backlinks);
        Assert.Equal("DTS", any.Index!.Key);
        Assert.Equal(2, any.Access!.Starts.Count);
    }

    [Theory]
    [InlineData("""["contact",true]""", false)]
    [InlineData("""["contact",true,null]""", true)]
    [InlineData("""["contact",{"$gt":null}]""", true)]
    public void An_array_that_is_exact_is_read_whole_as_JavaScript_reads_it(string rel, bool reads)
    {
        QueryPlan plan = Plan("""{"query":[{"$filter":{"rel":REL}}]}""".Replace("REL", rel), SsbIndexes.Links);
        Assert.Equal("RDS", plan.Index!.Key);
        JsValue entry = JsValue.Parse("""[["contact",true,null],"@a","@b",5]""");
        Assert.Equal(reads, plan.Access!.Contains(entry.AsArray));
    }

    [Fact]
    public void An_access_misses_no_entry_that_passes()
    {
        var random = new RandomQueries(_dice);
        int passed = 0, left = 0;
        for (int i = 0; i < 3000; i++)
        {
            JsValue filter = random.Filter(2);
            if (filter.ToJson().Contains("$unknown")) continue;
            var query = new JsArray([JsValue.From(new JsObject().Set("$filter", filter))]);
            IndexDefinition index = IndexDefinition.FromJs("i", JsValue.Parse("""["a",["b"],"n"]"""));
            IndexAccess access = IndexAccess.Of(index, FilterFacts.Of(query));
            for (int j = 0; j < 10; j++)
            {
                JsValue record = random.Record();
                JsValue[] entry = [.. index.Fields.Select(field => field.Read(record))];
                if (entry.Any(key => key.IsUndefined)) continue;
                bool passes = QueryPipeline.Compile(query).Run([record]).Any();
                string where = $"{filter.ToJson()} passes {record.ToJson()}; {_dice.Replay}";
                Assert.True(!passes || access.Contains(entry), where);
                passed += passes ? 1 : 0;
                left += access.Contains(entry) ? 0 : 1;
            }
        }

        Assert.True(passed > 50 && left > 30, $"{passed} passed and {left} were left out: too few to mean anything");
    }

    [Theory]
    [InlineData("""{"query":[]}""", "The query is an empty array")]
    [InlineData("""{"query":"[{"}""", "The query is a text, so it has to be JSON")]
    [InlineData("""{"limit":"5"}""", "limit is \"5\"")]
    public void Options_that_cannot_be_meant_so_are_refused(string options, string problem) =>
        Assert.StartsWith(problem, Assert.Throws<QueryException>(() => Plan(options)).Message);

    [Theory]
    [InlineData("""{"limit":3}""", 3)]
    [InlineData("""{"limit":0}""", long.MaxValue)]
    [InlineData("""{"limit":-1}""", long.MaxValue)]
    [InlineData("""{"limit":2.5}""", long.MaxValue)]
    [InlineData("""{"limit":null}""", long.MaxValue)]
    public void A_limit_counts_down_to_exactly_zero(string options, long most) =>
        Assert.Equal(most, QueryOptions.FromJs(JsValue.Parse(options)).ResultsMax);

    [Theory]
    [InlineData("{}", true, false)]
    [InlineData("""{"live":true}""", true, true)]
    [InlineData("""{"old":false}""", false, true)]
    [InlineData("""{"live":1,"old":0}""", true, false)]
    public void Old_and_live_are_read_as_pull_live_reads_them(string options, bool old, bool live)
    {
        QueryOptions read = QueryOptions.FromJs(JsValue.Parse(options));
        Assert.Equal((old, live), (read.Old, read.Live));
    }

    [Fact]
    public void A_query_may_be_its_JSON_text() => Assert.Equal(
        "log", new IndexSelector(SsbIndexes.Query, IndexDialect.Query).Plan(
            QueryOptions.FromJs(JsValue.From("""[{"$filter":{"timestamp":1}}]"""))).Index!.Key);

    private void Compare(string dialect)
    {
        List<JsObject> questions = [.. Enumerable.Range(0, 2000).Select(_ => Question(dialect))];
        JsValue[] answers = Peers.Ask(questions);
        int compared = 0;
        for (int i = 0; i < answers.Length; i++)
        {
            JsValue asked = JsValue.From(questions[i]), error = answers[i]["error"];
            if (error.IsString && error.AsString.StartsWith("Cannot ", StringComparison.Ordinal)) continue;
            string expected = error.IsString ? "error " + error.AsString : answers[i]["output"].ToJson();
            string ours = Explain(asked);
            Assert.True(expected == ours, $"{asked.ToJson()}\nnode {expected}\nours {ours}\n{_dice.Replay}");
            compared++;
        }

        Assert.True(compared > 1500, $"only {compared} could be compared; {_dice.Replay}");
    }

    private JsObject Question(string dialect)
    {
        var random = new RandomRequests(_dice);
        JsArray indexes = random.Indexes(withExact: dialect == "query");
        return new JsObject().Set("op", JsValue.From("explain")).Set("dialect", JsValue.From(dialect))
            .Set("indexes", JsValue.From(indexes)).Set("opts", random.Options(indexes));
    }

    private static string Explain(JsValue question)
    {
        IndexDefinition[] indexes = [.. question["indexes"].AsArray.Select(index =>
            IndexDefinition.FromJs(index["key"].AsString, index["value"], index["exact"].IsTruthy))];
        bool links = question["dialect"].AsString == "links";
        try
        {
            QueryPlan plan = new IndexSelector(indexes, links ? IndexDialect.Links : IndexDialect.Query)
                .Plan(QueryOptions.FromJs(question["opts"]));
            JsObject shown = plan.Explain(usesAlternative: false);
            if (plan.Index is not null) shown.Set("gte", Visible(plan.Gte)).Set("lte", Visible(plan.Lte));
            return JsValue.From(shown).ToJson();
        }
        catch (QueryException e)
        {
            return "error " + e.Message;
        }
    }

    private static JsValue Visible(JsArray bounds) => JsValue.From(new JsArray(bounds.Select(bound =>
        bound.IsUndefined ? JsValue.Parse("""{"undefined":true}""") : bound.IsArray ? Visible(bound.AsArray) : bound)));

    private static JsValue Undefined(JsValue golden) => golden.IsArray
        ? JsValue.From(new JsArray(golden.AsArray.Select(item => item["$undefined"].IsTruthy ? JsValue.Null : item)))
        : golden;

    private static QueryPlan Plan(string options, IReadOnlyList<IndexDefinition>? indexes = null) =>
        Plan(JsValue.Parse(options), indexes);

    private static QueryPlan Plan(JsValue options, IReadOnlyList<IndexDefinition>? indexes = null) =>
        new IndexSelector(indexes ?? SsbIndexes.Query, indexes is null ? IndexDialect.Query : IndexDialect.Links)
            .Plan(QueryOptions.FromJs(options));

    private static string Json(JsArray items) => JsValue.From(items).ToJson();

    private static string Golden(string name, [CallerFilePath] string here = "") =>
        Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "vectors", "small", "golden", name);
}
