using Flume.Query.Json;
using Flume.Query.MapFilterReduce;
using Flume.Query.MapFilterReduce.Reduce;
using Flume.Query.MapFilterReduce.Rules;
using Xunit;

namespace Flume.Query.Tests.MapFilterReduce;

/// <summary>The queries of map-filter-reduce's own tests, with the answers of the real module (record.js).</summary>
public class PackageTests
{
    public static TheoryData<string> Cases() => [.. File.ReadAllLines(Peers.FixturePath("package-tests.jsonl"))];

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_package_own_test_gives_the_same(string recorded)
    {
        JsValue test = JsValue.Parse(recorded);
        if (!test["query"].IsUndefined) Same(test["output"], Run(test["query"], test["input"].AsArray));
        else if (!test["passed"].IsUndefined) Same(test["passed"], Passing(test["rule"], test["input"].AsArray));
        else if (!test["input"].IsUndefined) Same(test["result"], Reduced(test["rule"], test["input"].AsArray));
        else Same(test["result"], RuleCompiler.Make(test["rule"]).Evaluate(test["value"]));
    }

    private static JsValue Run(JsValue query, JsArray input) =>
        JsValue.From(new JsArray(QueryPipeline.Compile(query).Run(input)));

    private static JsValue Passing(JsValue rule, JsArray input)
    {
        Rule filter = RuleCompiler.Make(rule);
        return JsValue.From(new JsArray(input.Where(item => filter.Test(item))));
    }

    private static JsValue Reduced(JsValue rule, JsArray input)
    {
        Accumulator accumulator = ((Reducer)RuleCompiler.Make(rule)).Start(new HeldItems(QueryLimits.Default));
        foreach (JsValue item in input) accumulator.Add(item);
        return accumulator.Finish();
    }

    private static void Same(JsValue expected, JsValue actual) =>
        Assert.Equal(expected.IsUndefined ? "" : expected.ToJson(), actual.IsUndefined ? "" : actual.ToJson());
}
