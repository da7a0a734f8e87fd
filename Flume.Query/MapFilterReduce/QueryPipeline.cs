using Flume.Query.Json;
using Flume.Query.MapFilterReduce.Reduce;
using Flume.Query.MapFilterReduce.Rules;

namespace Flume.Query.MapFilterReduce;

/// <summary>A compiled query: its stages (docs/spec 4). It can run any number of times, also concurrently.</summary>
/// <remarks>
/// 1. Compiled once; a run neither parses the query again nor stores state here.
/// 2. Compilation finds every error in a query. A run throws only the exceptions that <see cref="PipelineRun"/> lists.
/// </remarks>
public sealed class QueryPipeline
{
    /// <summary>The pipeline that passes every item.</summary>
    public static readonly QueryPipeline Everything = new([], false);

    private readonly List<Func<HeldItems, Stage, Stage>> _stages;

    private QueryPipeline(List<Func<HeldItems, Stage, Stage>> stages, bool waitsForEnd)
    {
        _stages = stages;
        WaitsForEnd = waitsForEnd;
    }

    /// <summary>
    /// True with a <c>$reduce</c> or <c>$sort</c>: results appear only at the end of the input. A live query then gives
    /// no results, and the pushed items must remain readable until the end.
    /// </summary>
    public bool WaitsForEnd { get; }

    /// <summary>Compiles an array of stages. Null, false, 0 and "" among them are skipped.</summary>
    /// <exception cref="QueryException">A stage is invalid, or contains an invalid rule.</exception>
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
    /// Compiles the query of a request: an array of stages; any other value passes every item.
    /// </summary>
    /// <exception cref="QueryException">As for an array.</exception>
    public static QueryPipeline Compile(in JsValue query) => query.IsArray ? Compile(query.AsArray) : Everything;

    /// <summary>Starts a run that returns at most <paramref name="resultsMax"/> results.</summary>
    public PipelineRun Start(long resultsMax = long.MaxValue, QueryLimits? limits = null)
    {
        var held = new HeldItems(limits ?? QueryLimits.Default);
        var results = new ResultStage(resultsMax);
        Stage first = results;
        for (int i = _stages.Count - 1; i >= 0; i--) first = _stages[i](held, first);
        return new PipelineRun(first, results);
    }

    /// <summary>
    /// Runs over a finite input, and reads only the items that <paramref name="resultsMax"/> results need.
    /// </summary>
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

    /// <summary>JavaScript selects a stage by its first name.</summary>
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

    /// <summary>Operators in the same stage as <c>$reduce</c> would replace it and reduce nothing.</summary>
    private static Reducer AsReducer(Rule rule, in JsValue stage) => rule as Reducer ?? throw new QueryException(
        $"could not process:{stage.ToJson()}: $reduce cannot share its stage with an operator. Give each a stage.");
}
