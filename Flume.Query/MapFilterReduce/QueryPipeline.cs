using Flume.Query.Json;
using Flume.Query.MapFilterReduce.Reduce;
using Flume.Query.MapFilterReduce.Rules;

namespace Flume.Query.MapFilterReduce;

/// <summary>A compiled query: its stages (docs/spec 4), ready to run any number of times, also at once.</summary>
/// <remarks>
/// 1. Compiled once; running it interprets no JSON of the query again and holds no state here.
/// 2. Every mistake in a query is found when it is compiled. While it runs it throws only for what
///    <see cref="PipelineRun"/> names.
/// </remarks>
public sealed class QueryPipeline
{
    /// <summary>Passes every item.</summary>
    public static readonly QueryPipeline Everything = new([], false);

    private readonly List<Func<HeldItems, Stage, Stage>> _stages;

    private QueryPipeline(List<Func<HeldItems, Stage, Stage>> stages, bool waitsForEnd)
    {
        _stages = stages;
        WaitsForEnd = waitsForEnd;
    }

    /// <summary>
    /// True with a <c>$reduce</c> or <c>$sort</c>: nothing comes out before the end of the input, so a live query
    /// gives nothing at all, and the items given have to stay readable until the end.
    /// </summary>
    public bool WaitsForEnd { get; }

    /// <summary>Compiles an array of stages. Null, false, 0 and "" among them are skipped.</summary>
    /// <exception cref="QueryException">A stage is none, or holds a rule that is none.</exception>
    public static QueryPipeline Compile(JsArray query)
    {
        var stages = new List<Func<HeldItems, Stage, Stage>>();
        bool waits = false;
        foreach (JsValue stage in query)
        {
            if (!stage.IsTruthy) continue;
            string name = NameOf(stage);
            stages.Add(Compile(name, stage));
            waits |= name is "$reduce" or "$sort";
        }

        return new QueryPipeline(stages, waits);
    }

    /// <summary>
    /// Compiles a query as it stands in a request: an array of stages; anything else passes every item.
    /// </summary>
    /// <exception cref="QueryException">As for an array.</exception>
    public static QueryPipeline Compile(in JsValue query) => query.IsArray ? Compile(query.AsArray) : Everything;

    /// <summary>Starts a run that gives at most <paramref name="resultsMax"/> results.</summary>
    public PipelineRun Start(long resultsMax = long.MaxValue, QueryLimits? limits = null)
    {
        var held = new HeldItems(limits ?? QueryLimits.Default);
        var results = new ResultStage(resultsMax);
        Stage first = results;
        for (int i = _stages.Count - 1; i >= 0; i--) first = _stages[i](held, first);
        return new PipelineRun(first, results);
    }

    /// <summary>Runs over items that end, reading no further than <paramref name="resultsMax"/> results need.</summary>
    /// <exception cref="QueryException">As for <see cref="PipelineRun.Push"/>.</exception>
    public IEnumerable<JsValue> Run(
        IEnumerable<JsValue> items, long resultsMax = long.MaxValue, QueryLimits? limits = null)
    {
        PipelineRun run = Start(resultsMax, limits);
        foreach (JsValue item in items)
        {
            bool more = run.Push(item);
            while (run.TryTake(out JsValue result)) yield return result;
            if (!more) break;
        }

        run.End();
        while (run.TryTake(out JsValue result)) yield return result;
    }

    /// <summary>JavaScript dispatches a stage on its first name.</summary>
    private static string NameOf(in JsValue stage) => stage.IsObject && stage.AsObject.Count > 0
        ? stage.AsObject.At(0).Key
        : throw new QueryException(
            $"A stage of a query cannot be {stage.ToJson()}: " +
            "expected an object whose first name is $filter, $map, $reduce or $sort.");

    private static Func<HeldItems, Stage, Stage> Compile(string name, in JsValue stage)
    {
        switch (name)
        {
            case "$filter":
                Rule filter = RuleCompiler.MakeUnary(stage, 0);
                return (_, next) => new FilterStage(filter, next);
            case "$map":
                Rule map = RuleCompiler.MakeUnary(stage, 0);
                return (_, next) => new MapStage(map, next);
            case "$reduce":
                Reducer reducer = AsReducer(RuleCompiler.Make(stage), stage);
                return (held, next) => new ReduceStage(reducer.StartStage(held), next);
            case "$sort":
                var order = new SortOrder(stage["$sort"]);
                return (held, next) => new SortStage(order, held, next);
            default:
                throw new QueryException($"unknown function:{name}");
        }
    }

    /// <summary>Operators beside <c>$reduce</c> in its stage would take its place, and reduce nothing.</summary>
    private static Reducer AsReducer(Rule rule, in JsValue stage) => rule as Reducer ?? throw new QueryException(
        $"could not process:{stage.ToJson()}: $reduce cannot share its stage with an operator. Give each a stage.");
}
