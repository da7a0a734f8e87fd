using Flume.Query.Json;
using Flume.Query.MapFilterReduce.Rules;

namespace Flume.Query.MapFilterReduce.Reduce;

/// <summary>A compiled <c>$reduce</c>: starts accumulators, one for each run, or for each group of one.</summary>
internal abstract class Reducer : Rule
{
    /// <summary>A fresh accumulator that counts what it keeps in <paramref name="held"/>.</summary>
    public abstract Accumulator Start(HeldItems held);

    /// <summary>The accumulator of a whole stage.</summary>
    public virtual Accumulator StartStage(HeldItems held) => Start(held);
}

/// <summary>What a reducer has made of the values given so far.</summary>
internal abstract class Accumulator
{
    /// <summary>Takes one more value.</summary>
    /// <exception cref="QueryLimitException">It would have to keep more than the query may.</exception>
    public abstract void Add(in JsValue value);

    /// <summary>The result so far; asked for once, at the end.</summary>
    /// <exception cref="QueryException">Groups cannot be put in order, since their keys hold objects.</exception>
    public abstract JsValue Finish();

    /// <summary>All there is to remember of the values given so far: <see cref="Resume"/> goes on from it.</summary>
    /// <exception cref="NotSupportedException">Groups within groups can't be gone on from.</exception>
    public virtual JsValue Kept => throw new NotSupportedException("A table of groups is kept group by group.");

    /// <summary>Goes on, in place of a fresh start, from what <see cref="Kept"/> gave.</summary>
    /// <exception cref="QueryLimitException">It is more than the query may hold.</exception>
    public virtual void Resume(in JsValue kept) => throw new NotSupportedException("A table of groups is kept group by group.");
}
