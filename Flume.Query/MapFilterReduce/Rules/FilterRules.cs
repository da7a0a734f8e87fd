using System.Text;
using Flume.Query.Json;

namespace Flume.Query.MapFilterReduce.Rules;

/// <summary>A literal in a filter, and <c>$eq</c>: the value is exactly this string, number, boolean or null.</summary>
internal sealed class LiteralRule : Predicate
{
    private readonly JsValue _literal;
    private readonly byte[]? _utf8;

    /// <summary>
    /// Creates a comparison with <paramref name="literal"/> as in <c>===</c>; an array or object equals nothing.
    /// </summary>
    public LiteralRule(JsValue literal)
    {
        _literal = literal;
        if (!literal.IsString) return;
        byte[] utf8 = Encoding.UTF8.GetBytes(literal.AsString);
        if (Encoding.UTF8.GetString(utf8) == literal.AsString) _utf8 = utf8;
    }

    /// <inheritdoc/>
    public override bool Test(in JsValue value) =>
        _utf8 is not null ? value.EqualsUtf8(_utf8) : JsValue.StrictEquals(value, _literal);
}

/// <summary>
/// An object or array in a filter: each listed property passes its own filter; null and undefined never do.
/// </summary>
internal sealed class ContainerRule(PropertyName[] names, Rule[] rules) : Predicate
{
    /// <inheritdoc/>
    public override bool Test(in JsValue value)
    {
        if (value.IsNullish) return false;
        for (int i = 0; i < rules.Length; i++)
            if (!rules[i].Test(names[i].Read(value))) return false;
        return true;
    }
}

/// <summary>An object in a map: a new object with one member per rule, in the order of the rules.</summary>
/// <remarks>
/// <c>true</c> selects the member of the same name. If there is no member, or for null, the result is undefined.
/// </remarks>
internal sealed class ProjectRule(PropertyName[] names, Rule?[] rules) : Rule
{
    /// <inheritdoc/>
    public override JsValue Evaluate(in JsValue value)
    {
        if (value.IsNullish || names.Length == 0) return JsValue.Undefined;
        var made = new JsObject();
        for (int i = 0; i < names.Length; i++)
        {
            JsValue member = rules[i] is { } rule ? rule.Evaluate(value)
                : value.IsTruthy ? names[i].Read(value)
                : value;
            made.Set(names[i].Text, member);
        }

        return JsValue.From(made);
    }
}
