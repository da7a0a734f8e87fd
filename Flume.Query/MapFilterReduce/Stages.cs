using Flume.Query.Json;
using Flume.Query.MapFilterReduce.Reduce;
using Flume.Query.MapFilterReduce.Rules;

namespace Flume.Query.MapFilterReduce;

/// <summary>One stage of a running query: takes items one by one and passes its results to the next stage.</summary>
internal abstract class Stage
{
    /// <summary>Takes one item; false if no further item can change the result.</summary>
    public abstract bool Push(in JsValue item);

    /// <summary>Ends the input.</summary>
    public abstract void End();
}

/// <summary><c>$filter</c>: passes the items for which the rule is truthy.</summary>
internal sealed class FilterStage(Rule rule, Stage next) : Stage
{
    /// <inheritdoc/>
    public override bool Push(in JsValue item) => !rule.Test(item) || next.Push(item);

    /// <inheritdoc/>
    public override void End() => next.End();
}

/// <summary><c>$map</c>: passes the rule's result for each item, unless it is falsy.</summary>
internal sealed class MapStage(Rule rule, Stage next) : Stage
{
    /// <inheritdoc/>
    public override bool Push(in JsValue item)
    {
        JsValue made = rule.Evaluate(item);
        return !made.IsTruthy || next.Push(made);
    }

    /// <inheritdoc/>
    public override void End() => next.End();
}

/// <summary>
/// <c>$reduce</c>: passes the result at the end; an array item by item, nothing if there was no item.
/// </summary>
internal sealed class ReduceStage(Accumulator accumulator, Stage next) : Stage
{
    private bool _any;

    /// <inheritdoc/>
    public override bool Push(in JsValue item)
    {
        _any = true;
        accumulator.Add(item);
        return true;
    }

    /// <inheritdoc/>
    public override void End()
    {
        if (_any) Pass(accumulator.Finish());
        next.End();
    }

    private void Pass(in JsValue result)
    {
        if (!result.IsArray)
        {
            if (!result.IsNullish) next.Push(result);
            return;
        }

        foreach (JsValue item in result.AsArray)
            if (!next.Push(item)) return;
    }
}

/// <summary>
/// <c>$sort</c>: holds all items and passes them in order at the end; undefined ones last, as in JavaScript.
/// </summary>
internal sealed class SortStage(SortOrder order, HeldItems held, Stage next) : Stage
{
    private readonly List<(JsValue Item, JsValue[] Keys)> _items = [];
    private int _undefined;

    /// <inheritdoc/>
    public override bool Push(in JsValue item)
    {
        held.Add(item, "$sort");
        if (item.IsUndefined) _undefined++;
        else _items.Add((item, order.KeysOf(item)));
        return true;
    }

    /// <inheritdoc/>
    public override void End()
    {
        StableSort.Sort(_items, (a, b) => order.Compare(a.Keys, b.Keys));
        Pass();
        next.End();
    }

    private void Pass()
    {
        foreach ((JsValue item, _) in _items)
            if (!next.Push(item)) return;
        while (_undefined-- > 0)
            if (!next.Push(JsValue.Undefined)) return;
    }
}

/// <summary>The end of the chain: holds results until they are taken, and counts them down to the limit.</summary>
internal sealed class ResultStage(long limit) : Stage
{
    private readonly Queue<JsValue> _results = [];
    private long _wanted = limit;

    /// <summary>True if the limit is reached.</summary>
    public bool IsFull => _wanted == 0;

    /// <inheritdoc/>
    public override bool Push(in JsValue item)
    {
        if (_wanted == 0) return false;
        _results.Enqueue(item);
        _wanted--;
        return _wanted > 0;
    }

    /// <inheritdoc/>
    public override void End()
    {
    }

    /// <summary>Takes the oldest remaining result.</summary>
    public bool TryTake(out JsValue item) => _results.TryDequeue(out item);
}
