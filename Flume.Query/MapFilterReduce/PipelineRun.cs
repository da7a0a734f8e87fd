using Flume.Query.Json;

namespace Flume.Query.MapFilterReduce;

/// <summary>One run of a query: items are pushed in, results are taken out, in the caller's own time.</summary>
/// <remarks>
/// 1. For one thread at a time.
/// 2. An item must stay readable until its results are taken; when the pipeline waits for the end, until that.
/// 3. Sync markers of a live query are no items and never come here. The reader passes one on between two pushes,
///    after taking all results; when the pipeline waits for the end there is nothing for a marker to stand behind.
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

    /// <summary>True when the limit is reached or the input ended: nothing pushed can add a result.</summary>
    public bool IsDone => _ended || _results.IsFull;

    /// <summary>Takes one item; false when the run wants no more, so that the read behind it can stop.</summary>
    /// <exception cref="QueryLimitException">The query would hold more than its limits allow.</exception>
    /// <exception cref="QueryException">Two groups cannot be told apart, since a key holds objects.</exception>
    /// <exception cref="JsSyntaxException">A part of the item that the query reads is not JSON.</exception>
    public bool Push(in JsValue item) => !IsDone && _first.Push(item);

    /// <summary>Says that the input ended: what <c>$reduce</c> and <c>$sort</c> held becomes results.</summary>
    /// <exception cref="QueryException">Objects cannot be put in order.</exception>
    public void End()
    {
        if (_ended) return;
        _ended = true;
        _first.End();
    }

    /// <summary>The oldest result not taken yet.</summary>
    public bool TryTake(out JsValue result) => _results.TryTake(out result);
}
