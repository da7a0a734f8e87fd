using Flume.Query.Json;
using Flume.Query.MapFilterReduce.Rules;

namespace Flume.Query.MapFilterReduce.Reduce;

/// <summary>A compiled <c>$reduce</c>: creates accumulators, one for each run or for each group.</summary>
internal abstract class Reducer : Rule
{
    /// <summary>Creates an accumulator that counts its items in <paramref name="held"/>.</summary>
    public abstract Accumulator Start(HeldItems held);

    /// <summary>Creates the accumulator of a whole stage.</summary>
    public virtual Accumulator StartStage(HeldItems held) => Start(held);
}

/// <summary>The accumulated state of a reducer.</summary>
internal abstract class Accumulator
{
    /// <summary>Adds one value.</summary>
    /// <exception cref="QueryLimitException">The accumulator would exceed the query's limits.</exception>
    public abstract void Add(in JsValue value);

    /// <summary>The result, read once at the end.</summary>
    /// <exception cref="QueryException">Groups cannot be ordered, because their keys contain objects.</exception>
    public abstract JsValue Finish();

    /// <summary>The complete state; <see cref="Resume"/> continues from it.</summary>
    /// <exception cref="NotSupportedException">Nested groups can't be continued.</exception>
    public virtual JsValue Kept => throw new NotSupportedException("A table of groups is kept group by group.");

    /// <summary>Restores the state that <see cref="Kept"/> returned, instead of starting empty.</summary>
    /// <exception cref="QueryLimitException">The state exceeds the query's limits.</exception>
    public virtual void Resume(in JsValue kept) =>
        throw new NotSupportedException("A table of groups is kept group by group.");
}
