using System.Text;
using Flume.Query.Json;

namespace Flume.Query.MapFilterReduce.Rules;

/// <summary>JavaScript's four ordering operators.</summary>
internal enum Relation
{
    /// <summary><c>$lt</c>.</summary>
    Less,

    /// <summary><c>$gt</c>.</summary>
    Greater,

    /// <summary><c>$lte</c>.</summary>
    LessOrEqual,

    /// <summary><c>$gte</c>.</summary>
    GreaterOrEqual,
}

/// <summary>
/// <c>value &lt; argument</c> and the other relations: two strings compare by UTF-16 unit, other values as numbers; a
/// comparison with NaN is false.
/// </summary>
internal sealed class RelationRule : Predicate
{
    private readonly Relation _relation;
    private readonly string? _text;
    private readonly byte[]? _ascii;
    private readonly double _number;

    /// <summary>Prepares the right-hand side.</summary>
    public RelationRule(Relation relation, in JsValue argument)
    {
        JsValue right = Coerce.ToPrimitive(argument);
        _relation = relation;
        _number = Coerce.ToNumber(right);
        if (!right.IsString) return;
        _text = right.AsString;
        if (Ascii.IsValid(_text)) _ascii = Encoding.ASCII.GetBytes(_text);
    }

    /// <inheritdoc/>
    public override bool Test(in JsValue value)
    {
        if (value.IsNumber) return Holds(value.AsNumber, _number);
        if (value.Kind < JsKind.String) return Holds(Coerce.ToNumber(value), _number);

        // One text is ASCII, and every other byte or unit is greater, so byte order equals unit order.
        if (_ascii is not null && value.TryGetPlain(out ReadOnlySpan<byte> plain))
            return Holds(plain.SequenceCompareTo(_ascii), 0);
        string left = Coerce.ToText(value);
        return _text is null ? Holds(NumberText.Read(left), _number) : Holds(string.CompareOrdinal(left, _text), 0);
    }

    private bool Holds(double left, double right) => _relation switch
    {
        Relation.Less => left < right,
        Relation.Greater => left > right,
        Relation.LessOrEqual => left <= right,
        _ => left >= right,
    };
}
