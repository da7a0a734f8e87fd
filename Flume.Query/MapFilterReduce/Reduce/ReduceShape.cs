using Flume.Query.Json;

namespace Flume.Query.MapFilterReduce.Reduce;

/// <summary>The form of one result of a <c>$reduce</c>: the positions of its keys and its accumulated values.</summary>
internal abstract class ReduceShape
{
    /// <summary>The result for one group.</summary>
    public abstract JsValue Build(JsValue[] keys, Accumulator[] accumulators);
}

/// <summary>The position of the n-th group key.</summary>
internal sealed class KeyShape(int nth) : ReduceShape
{
    /// <inheritdoc/>
    public override JsValue Build(JsValue[] keys, Accumulator[] accumulators) => keys[nth];
}

/// <summary>The position of the n-th accumulated value.</summary>
internal sealed class ValueShape(int nth) : ReduceShape
{
    /// <inheritdoc/>
    public override JsValue Build(JsValue[] keys, Accumulator[] accumulators) => accumulators[nth].Finish();
}

/// <summary>An object with such members.</summary>
internal sealed class ObjectShape(KeyValuePair<string, ReduceShape>[] members) : ReduceShape
{
    /// <inheritdoc/>
    public override JsValue Build(JsValue[] keys, Accumulator[] accumulators)
    {
        var made = new JsObject();
        foreach (KeyValuePair<string, ReduceShape> member in members)
            made.Set(member.Key, member.Value.Build(keys, accumulators));
        return JsValue.From(made);
    }
}
