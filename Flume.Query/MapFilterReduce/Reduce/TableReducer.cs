using Flume.Query.Json;
using Flume.Query.MapFilterReduce.Rules;

namespace Flume.Query.MapFilterReduce.Reduce;

/// <summary>
/// A <c>$reduce</c> with members: one row for each distinct tuple of group keys, or one row without keys.
/// </summary>
internal sealed class TableReducer(Rule[] keys, Reducer[] reducers, ReduceShape shape) : Reducer
{
    /// <summary>The group keys; empty if all values form one group.</summary>
    public Rule[] Keys => keys;

    /// <summary>The accumulators of each group.</summary>
    public Reducer[] Reducers => reducers;

    /// <summary>The form of a result.</summary>
    public ReduceShape Shape => shape;

    /// <summary>Never called: the compiler refuses a table where a rule of one value is required.</summary>
    public override JsValue Evaluate(in JsValue value) =>
        throw new InvalidOperationException("A table reduces many values, not one.");

    /// <inheritdoc/>
    public override Accumulator Start(HeldItems held)
    {
        if (keys.Length == 0) return new Row(StartRow(held), shape);
        return new Table(keys, shape, () =>
        {
            held.Add(JsValue.Undefined, "$reduce");
            return StartRow(held);
        });
    }

    private Accumulator[] StartRow(HeldItems held)
    {
        var started = new Accumulator[reducers.Length];
        for (int i = 0; i < started.Length; i++) started[i] = reducers[i].Start(held);
        return started;
    }

    private sealed class Row(Accumulator[] accumulators, ReduceShape shape) : Accumulator
    {
        public override void Add(in JsValue value)
        {
            foreach (Accumulator accumulator in accumulators) accumulator.Add(value);
        }

        public override JsValue Finish() => shape.Build([], accumulators);
    }

    private sealed class Table(Rule[] keys, ReduceShape shape, Func<Accumulator[]> startRow) : Accumulator
    {
        private readonly GroupTable _groups = new(keys.Length);
        private readonly JsValue[] _tuple = new JsValue[keys.Length];

        public override void Add(in JsValue value)
        {
            for (int i = 0; i < keys.Length; i++) _tuple[i] = keys[i].Evaluate(value);
            Group group = _groups.FindOrAdd(_tuple, out bool added);
            if (added) group.Accumulators = startRow();
            foreach (Accumulator accumulator in group.Accumulators) accumulator.Add(value);
        }

        public override JsValue Finish()
        {
            var rows = new JsArray();
            foreach (Group group in _groups.InOrder()) rows.Add(shape.Build(group.Keys, group.Accumulators));
            return JsValue.From(rows);
        }
    }
}
