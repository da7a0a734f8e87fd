using Flume.Query.Json;

namespace Flume.Query.MapFilterReduce.Rules;

/// <summary><c>true</c>: the value itself.</summary>
internal sealed class IdentityRule : Rule
{
    public static readonly IdentityRule Instance = new();

    /// <inheritdoc/>
    public override JsValue Evaluate(in JsValue value) => value;
}

/// <summary>A string: the value's property of that name.</summary>
internal sealed class MemberRule(PropertyName name) : Rule
{
    /// <inheritdoc/>
    public override JsValue Evaluate(in JsValue value) => name.Read(value);
}

/// <summary>An integer: the item at that index; a negative index counts from the end.</summary>
internal sealed class ItemRule(double place) : Rule
{
    private static readonly PropertyName Length = new("length");

    private readonly PropertyName _name = new(JsNumber.Format(place));

    /// <inheritdoc/>
    public override JsValue Evaluate(in JsValue value)
    {
        if (place >= 0) return _name.Read(value);
        if (value.Kind < JsKind.String) return JsValue.Undefined;
        double fromStart = Coerce.ToNumber(Length.Read(value)) + place;
        return fromStart is >= 0 and <= int.MaxValue && fromStart == Math.Floor(fromStart)
            ? value[(int)fromStart]
            : value[JsNumber.Format(fromStart)];
    }
}

/// <summary>An array of rules: each rule receives the result of the previous one. In most cases it is a path.</summary>
internal sealed class ComposeRule(Rule[] steps) : Rule
{
    /// <inheritdoc/>
    public override JsValue Evaluate(in JsValue value)
    {
        JsValue result = value;
        foreach (Rule step in steps) result = step.Evaluate(result);
        return result;
    }
}
