using Flume.Query.Json;

namespace Flume.Query.MapFilterReduce;

/// <summary>One run of a query: the caller pushes items in and takes results out.</summary>
/// <remarks>
/// 1. For one thread at a time.
/// 2. An item must remain readable until its results are taken; if the pipeline waits for the end, until then.
/// 3. Sync markers of a live query are not items. The reader passes a marker on between two pushes, after it has taken
/// all results. A pipeline that waits for the end has no results before a marker.
/// </remarks>
public sealed class PipelineRun
{
    private readonly Stage _first;
    private readonly ResultStage _results;
    private bool _ended;

    internal PipelineRun(Stage first, ResultStage results)
    {
        _first = first;
        _results = results;
    }

    /// <summary>True if the limit is reached or the input ended: no further push can add a result.</summary>
    public bool IsDone => _ended || _results.IsFull;

    /// <summary>Takes one item; false if the run needs no more, so that the read can stop.</summary>
    /// <exception cref="QueryLimitException">The query would hold more than its limits allow.</exception>
    /// <exception cref="QueryException">A key holds objects, so that two groups cannot be compared.</exception>
    /// <exception cref="JsSyntaxException">A part of the item that the query reads is not JSON.</exception>
    public bool Push(in JsValue item) => !IsDone && _first.Push(item);

    /// <summary>Ends the input: the items held by <c>$reduce</c> and <c>$sort</c> become results.</summary>
    /// <exception cref="QueryException">Objects cannot be ordered.</exception>
    public void End()
    {
        if (_ended) return;
        _ended = true;
        _first.End();
    }

    /// <summary>Takes the oldest remaining result.</summary>
    public bool TryTake(out JsValue result) => _results.TryTake(out result);
}
