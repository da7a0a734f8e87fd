using Flume.Query.Json;
using Flume.Query.MapFilterReduce;
using Flume.Query.MapFilterReduce.Planning;
using Flume.TestKit;
using Xunit;

namespace Flume.Query.Tests.MapFilterReduce;

/// <summary>Facts of filters: they hold for every passing record, and complete facts are sufficient.</summary>
public class FilterFactsTests
{
    private readonly Dice _dice = new();

    [Fact]
    public void Facts_hold_for_every_record_that_passes_and_complete_facts_for_no_other()
    {
        var random = new RandomQueries(_dice);
        int passed = 0, complete = 0;
        for (int i = 0; i < 1500; i++)
        {
            var query = new JsArray([JsValue.From(new JsObject().Set("$filter", WithoutMistake(random)))]);
            FilterFacts facts = FilterFacts.Of(query);
            QueryPipeline pipeline = QueryPipeline.Compile(query);
            for (int j = 0; j < 20; j++)
            {
                JsValue record = _dice.OneIn(3) ? random.Value(2) : random.Record();
                bool passes = pipeline.Run([record]).Any();
                bool holds = facts.Fields.All(field => field.Value.Contains(field.Key.Read(record)));
                string where = $"{JsValue.From(query).ToJson()} on {record.ToJson()}; {_dice.Replay}";
                Assert.True(holds || !passes, "passes though the facts do not hold: " + where);
                bool mustPass = holds && facts.IsComplete;
                Assert.True(passes || !mustPass, "does not pass though complete facts hold: " + where);
                passed += passes ? 1 : 0;
                complete += facts.IsComplete && !passes ? 1 : 0;
            }
        }

        Assert.True(passed > 1000 && complete > 1000, $"only {passed} passed, {complete} failed complete facts");
    }

    [Fact]
    public void Sets_join_and_intersect_as_sets_do()
    {
        var random = new RandomQueries(_dice);
        for (int i = 0; i < 1500; i++)
        {
            KeyInterval[] some = [Interval(random), Interval(random), Interval(random)];
            KeyInterval[] others = [Interval(random), Interval(random)];
            KeySet a = KeySet.Of(some), b = KeySet.Of(others), both = a.Intersect(b);
            for (int j = 0; j < 10; j++)
            {
                JsValue value = _dice.OneIn(9) ? JsValue.Undefined : random.Value(1);
                Assert.Equal(some.Any(interval => interval.Contains(value)), a.Contains(value));
                Assert.Equal(a.Contains(value) && b.Contains(value), both.Contains(value));
            }

            Assert.All(both.Intervals, interval => Assert.False(interval.IsEmpty));
        }
    }

    [Theory]
    [InlineData("""{"type":{"$in":["vote","post","post"]}}""", "type", """["post","vote"]""")]
    [InlineData("""{"type":{"$eq":"post"}}""", "type", """["post"]""")]
    [InlineData("""{"type":{"$in":["a","b","c"],"$gt":"a"}}""", "type", """["b","c"]""")]
    [InlineData("""{"type":{"$in":["a","b"]},"other":1}""", "other", "[1]")]
    [InlineData("""{"type":{"$is":"boolean"}}""", "type", null)]
    [InlineData("""{"type":{"$ne":"a"}}""", "type", null)]
    public void Exact_values_are_found(string filter, string field, string? points)
    {
        IReadOnlyList<JsValue>? found = Facts($$"""[{"$filter":{{filter}}}]""")[new FieldPath(field)].Points;
        Assert.Equal(points, found is null ? null : JsValue.From(new JsArray(found)).ToJson());
    }

    [Fact]
    public void All_leading_filters_count_and_none_behind_a_map()
    {
        FilterFacts facts = Facts("""
            [{"$filter":{"a":1}},null,{"$filter":{"b":2}},{"$map":"c"},{"$filter":{"d":3}}]
            """);
        Assert.Equal(["a", "b"], facts.Fields.Keys.Select(path => path.ToString()).Order());
    }

    [Fact]
    public void A_filter_that_contradicts_itself_is_never_passed()
    {
        Assert.True(Facts("""[{"$filter":{"a":1}},{"$filter":{"a":2}}]""").IsNever);
        Assert.True(Facts("""[{"$filter":{"a":{"$eq":{}}}}]""").IsNever);
        Assert.False(Facts("""[{"$filter":{"a":{"$gt":2,"$lt":3}}}]""").IsNever);
    }

    [Fact]
    public void A_range_of_numbers_says_so_for_numbers_and_lets_texts_pass()
    {
        KeySet keys = Facts("""[{"$filter":{"n":{"$gt":5,"$lte":9}}}]""")[new FieldPath("n")];
        Assert.All(["9", "5.1", "\"7\""], json => Assert.True(keys.Contains(JsValue.Parse(json))));
        Assert.All(["5", "9.1", "null"], json => Assert.False(keys.Contains(JsValue.Parse(json))));
        Assert.False(keys.Contains(JsValue.Undefined));
    }

    [Fact]
    public void A_prefix_takes_texts_that_JavaScripts_bound_would_lose()
    {
        KeySet keys = Facts("""[{"$filter":{"name":{"$prefix":"@"}}}]""")[new FieldPath("name")];
        Assert.True(keys.Contains(JsValue.From("@\ud83d\ude00")));
        Assert.False(keys.Contains(JsValue.From("A")) || keys.Contains(JsValue.From("")));
    }

    [Fact]
    public void An_array_in_a_filter_bounds_an_index_of_arrays()
    {
        KeySet keys = Facts("""[{"$filter":{"rel":["mentions",{"$prefix":"@d"}]}}]""")[new FieldPath("rel")];
        Assert.True(keys.Contains(JsValue.Parse("""["mentions","@dave",1]""")));
        Assert.False(keys.Contains(JsValue.Parse("""["mentions","@e"]""")));
        Assert.False(keys.Contains(JsValue.Parse("""["mentions"]""")));
    }

    private static JsValue WithoutMistake(RandomQueries random)
    {
        while (true)
        {
            JsValue filter = random.Filter(2);
            if (!filter.ToJson().Contains("$unknown")) return filter;
        }
    }

    private KeyInterval Interval(RandomQueries random)
    {
        JsValue lower = random.Value(1), upper = _dice.OneIn(4) ? JsValue.Undefined : random.Value(1);
        return new KeyInterval(lower, _dice.OneIn(2), _dice.OneIn(3) ? lower : upper, _dice.OneIn(2));
    }

    private static FilterFacts Facts(string query) => FilterFacts.Of(JsValue.Parse(query).AsArray);
}
