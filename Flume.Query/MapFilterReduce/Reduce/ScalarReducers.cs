using Flume.Query.Json;
using Flume.Query.MapFilterReduce.Rules;

namespace Flume.Query.MapFilterReduce.Reduce;

/// <summary>A reducer of one value: JavaScript's function of (accumulated, next).</summary>
internal abstract class ScalarReducer(Rule input) : Reducer
{
    /// <summary>
    /// The initial value of a whole stage. JavaScript's initial value is null, which $min and $max then read as 0.
    /// </summary>
    protected virtual JsValue StageStart => JsValue.Undefined;

    /// <summary>Adds one more input to the accumulated value.</summary>
    public abstract JsValue Step(in JsValue accumulated, in JsValue next);

    /// <summary>
    /// Where a rule of one value is expected, JavaScript reduces that value without an accumulated one.
    /// </summary>
    public override JsValue Evaluate(in JsValue value) => Step(value, input.Evaluate(JsValue.Undefined));

    /// <inheritdoc/>
    public override Accumulator Start(HeldItems held) => new Running(this, input, JsValue.Undefined);

    /// <inheritdoc/>
    public override Accumulator StartStage(HeldItems held) => new Running(this, input, StageStart);

    private sealed class Running(ScalarReducer reducer, Rule input, JsValue start) : Accumulator
    {
        private JsValue _accumulated = start;

        public override void Add(in JsValue value) =>
            _accumulated = reducer.Step(_accumulated, input.Evaluate(value));

        public override JsValue Finish() => _accumulated;

        public override JsValue Kept => _accumulated;

        public override void Resume(in JsValue kept) => _accumulated = kept;
    }
}

/// <summary><c>$count</c>: the number of values.</summary>
internal sealed class CountReducer(Rule input) : ScalarReducer(input)
{
    private static readonly JsValue Zero = JsValue.From(0), One = JsValue.From(1);

    /// <inheritdoc/>
    public override JsValue Step(in JsValue accumulated, in JsValue next) =>
        accumulated.IsNumber && accumulated.IsTruthy
            ? JsValue.From(accumulated.AsNumber + 1)
            : Coerce.Plus(accumulated.IsTruthy ? accumulated : Zero, One);
}

/// <summary><c>$sum</c>: the sum of the inputs as numbers; other values count as 0.</summary>
internal sealed class SumReducer(Rule input) : ScalarReducer(input)
{
    /// <inheritdoc/>
    public override JsValue Step(in JsValue accumulated, in JsValue next) =>
        JsValue.From(OrZero(accumulated) + OrZero(next));

    private static double OrZero(in JsValue value)
    {
        double number = Coerce.ToNumber(value);
        return double.IsNaN(number) ? 0 : number;
    }
}

/// <summary><c>$product</c>: the product of the inputs; falsy values, including 0, count as 1.</summary>
internal sealed class ProductReducer(Rule input) : ScalarReducer(input)
{
    /// <inheritdoc/>
    public override JsValue Step(in JsValue accumulated, in JsValue next) =>
        JsValue.From(OrOne(accumulated) * OrOne(next));

    private static double OrOne(in JsValue value) => value.IsTruthy ? Coerce.ToNumber(value) : 1;
}

/// <summary>
/// <c>$max</c> and <c>$min</c>: the first input unchanged, then the greater or lesser number; NaN remains.
/// </summary>
internal sealed class ExtremeReducer(Rule input, bool greatest) : ScalarReducer(input)
{
    /// <inheritdoc/>
    protected override JsValue StageStart =>
        JsValue.From(greatest ? double.NegativeInfinity : double.PositiveInfinity);

    /// <inheritdoc/>
    public override JsValue Step(in JsValue accumulated, in JsValue next)
    {
        if (accumulated.IsUndefined) return next;
        double a = Coerce.ToNumber(accumulated), b = Coerce.ToNumber(next);
        return JsValue.From(greatest ? Math.Max(a, b) : Math.Min(a, b));
    }
}

/// <summary><c>$collect</c>: an array of all inputs.</summary>
internal sealed class CollectReducer(Rule input) : Reducer
{
    /// <inheritdoc/>
    public override JsValue Evaluate(in JsValue value)
    {
        var items = value.IsArray ? new JsArray(value.AsArray) : new JsArray();
        if (!value.IsArray && value.IsTruthy) items.Add(value);
        return JsValue.From(items.Add(input.Evaluate(JsValue.Undefined)));
    }

    /// <inheritdoc/>
    public override Accumulator Start(HeldItems held) => new Collected(input, held);

    private sealed class Collected(Rule input, HeldItems held) : Accumulator
    {
        private readonly JsArray _items = new();

        public override void Add(in JsValue value)
        {
            JsValue item = input.Evaluate(value);
            held.Add(item, "$collect");
            _items.Add(item);
        }

        public override JsValue Finish() => JsValue.From(_items);

        public override JsValue Kept => JsValue.From(_items);

        public override void Resume(in JsValue kept)
        {
            foreach (JsValue item in kept.AsArray)
            {
                held.Add(item, "$collect");
                _items.Add(item);
            }
        }
    }
}
