using Flume.Query.Json;

namespace Flume.Query.MapFilterReduce.Rules;

/// <summary><c>$ne</c>: the value is not exactly this one.</summary>
internal sealed class NotEqualRule(LiteralRule equal) : Predicate
{
    /// <inheritdoc/>
    public override bool Test(in JsValue value) => !equal.Test(value);
}

/// <summary><c>$not</c> and <c>$truthy</c>: the value's truthiness; the argument is ignored.</summary>
internal sealed class TruthRule(bool wanted) : Predicate
{
    /// <inheritdoc/>
    public override bool Test(in JsValue value) => value.IsTruthy == wanted;
}

/// <summary><c>$is</c>: <c>typeof value</c> equals the argument; arrays and null are 'object'.</summary>
internal sealed class IsRule(string type) : Predicate
{
    /// <inheritdoc/>
    public override bool Test(in JsValue value) => Coerce.TypeOf(value) == type;
}

/// <summary><c>$type</c>: <c>typeof value</c>.</summary>
internal sealed class TypeRule : Rule
{
    /// <inheritdoc/>
    public override JsValue Evaluate(in JsValue value) => JsValue.From(Coerce.TypeOf(value));
}

/// <summary><c>$int</c>: the value is a number without a fraction.</summary>
internal sealed class IntegerRule : Predicate
{
    /// <inheritdoc/>
    public override bool Test(in JsValue value) =>
        value.IsNumber && double.IsInteger(value.AsNumber);
}

/// <summary><c>$mod</c>: the remainder of the value, as a number, by the argument.</summary>
internal sealed class RemainderRule(double divisor) : Rule
{
    /// <inheritdoc/>
    public override JsValue Evaluate(in JsValue value) => JsValue.From(Coerce.ToNumber(value) % divisor);
}

/// <summary>An operator that no value can pass, such as <c>$get</c> with a number.</summary>
internal sealed class NothingRule : Rule
{
    /// <inheritdoc/>
    public override JsValue Evaluate(in JsValue value) => JsValue.Undefined;
}
