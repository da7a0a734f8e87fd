using Flume.Query.Json;
using Flume.Query.MapFilterReduce.Rules;

namespace Flume.Query.MapFilterReduce.Planning;

/// <summary>The values that can pass one operator of a filter: a superset, and how exact it is.</summary>
/// <param name="Keys">Contains every value that passes.</param>
/// <param name="IsTight">True if every value in the set passes.</param>
internal readonly record struct OperatorKeys(KeySet Keys, bool IsTight)
{
    /// <summary>True if every number in <see cref="Keys"/> passes.</summary>
    public bool IsTightOnNumbers { get; init; } = IsTight;

    /// <summary>No restriction is known.</summary>
    public static readonly OperatorKeys Unknown = new(KeySet.Everything, false);

    private static readonly JsValue Zero = JsValue.From(0), NoText = JsValue.From("");
    private static readonly JsValue NoItems = JsValue.From(new JsArray());

    /// <summary>
    /// The bound after every longer array: only relations of links hold undefined, and they have at most three items.
    /// </summary>
    private static readonly JsValue[] End = [JsValue.Undefined, JsValue.Undefined, JsValue.Undefined];

    private static readonly KeyInterval Booleans = new(JsValue.False, true, JsValue.True, true);
    private static readonly KeyInterval Objects = new(JsValue.From(new JsObject()), true, JsValue.Undefined, false);
    private static readonly KeyInterval Arrays = new(NoItems, true, JsValue.From(new JsObject()), false);
    private static readonly KeyInterval Containers = new(NoItems, true, JsValue.Undefined, false);

    /// <summary>Every value except null and undefined.</summary>
    public static readonly KeySet NotNullish = KeySet.Of([new(JsValue.False, true, JsValue.Undefined, false)]);

    private static readonly KeySet Falsy =
        Points([JsValue.Null, JsValue.False, JsValue.From(double.NaN), Zero, NoText, JsValue.Undefined]);

    private static readonly KeySet Truthy = KeySet.Of(
    [
        KeyInterval.Point(JsValue.True), Side(Relation.LessOrEqual, KeyInterval.Numbers, JsValue.From(-double.Epsilon)),
        Side(Relation.Greater, KeyInterval.Numbers, Zero), Side(Relation.Greater, KeyInterval.Texts, NoText),
        Containers,
    ]);

    /// <summary>The values that can pass an operator with this argument.</summary>
    public static OperatorKeys Of(string name, in JsValue argument) => name switch
    {
        "$lt" => Relating(Relation.Less, argument),
        "$gt" => Relating(Relation.Greater, argument),
        "$lte" => Relating(Relation.LessOrEqual, argument),
        "$gte" => Relating(Relation.GreaterOrEqual, argument),
        "$eq" => Exactly(argument),
        "$in" when argument.IsArray => new(Points(argument.AsArray), true),
        "$not" => new(Falsy, true),
        "$truthy" => new(Truthy, true),
        "$type" => new(KeySet.Everything, true),
        "$int" => new(KeySet.Of([KeyInterval.Numbers]), false),
        "$is" => new(OfType(argument), true),
        "$prefix" => Prefix(argument),
        _ => Unknown,
    };

    /// <summary>Exactly this value; no value equals an array or object.</summary>
    public static OperatorKeys Exactly(in JsValue literal) => new(Points([literal]), true);

    /// <summary>
    /// Arrays that start with the given items, each a set; the set includes texts and objects that look like such
    /// arrays.
    /// </summary>
    public static KeySet StartingWith(IReadOnlyList<KeySet> items)
    {
        var start = new List<JsValue>();
        foreach (KeySet item in items)
        {
            if (item.Points is [var point] && !point.IsUndefined) start.Add(point);
            else return KeySet.Of([KeyInterval.Texts, Objects, .. Behind(start, item)]);
        }

        return KeySet.Of([KeyInterval.Texts, Objects, .. Behind(start, KeySet.Everything)]);
    }

    private static IEnumerable<KeyInterval> Behind(List<JsValue> start, KeySet item)
    {
        if (item.Contains(JsValue.Undefined)) return [new(List(start), true, List([.. start, .. End]), true)];
        return item.Intervals.Select(part => new KeyInterval(
            part.LowerInclusive ? List([.. start, part.Lower]) : List([.. start, part.Lower, .. End]),
            part.LowerInclusive,
            part.UpperInclusive ? List([.. start, part.Upper, .. End]) : List([.. start, part.Upper]),
            part.UpperInclusive));
    }

    private static KeySet Points(IEnumerable<JsValue> values) =>
        KeySet.Of(values.Where(value => value.Kind is < JsKind.Array).Select(value => KeyInterval.Point(value)));

    private static JsValue List(IEnumerable<JsValue> items) => JsValue.From(new JsArray(items));

    private static KeySet OfType(in JsValue type) => (type.IsString ? type.AsString : "") switch
    {
        "undefined" => Points([JsValue.Undefined]),
        "boolean" => KeySet.Of([Booleans]),
        "number" => KeySet.Of([KeyInterval.Numbers]),
        "string" => KeySet.Of([KeyInterval.Texts]),
        "object" => KeySet.Of([KeyInterval.Point(JsValue.Null), Containers]),
        _ => KeySet.Nothing,
    };

    private static OperatorKeys Prefix(in JsValue prefix)
    {
        if (prefix.IsString)
        {
            KeyInterval texts = TextOrder.StartingWith(prefix.AsString, out bool exact);
            return new(KeySet.Of([texts]), exact);
        }

        if (!prefix.IsArray) return new(KeySet.Of([KeyInterval.Texts]), false);
        if (prefix.AsArray.Any(item => item.Kind >= JsKind.Array)) return new(KeySet.Nothing, true);
        KeyInterval longer = new(
            List([.. prefix.AsArray, JsValue.Null]), true, List([.. prefix.AsArray, .. End]), true);
        return new(KeySet.Of([longer]), true);
    }

    /// <summary>Handles each kind of value separately, because JavaScript compares mixed kinds as numbers.</summary>
    private static OperatorKeys Relating(Relation relation, in JsValue argument)
    {
        var rule = new RelationRule(relation, argument);
        JsValue right = Coerce.ToPrimitive(argument);
        double number = Coerce.ToNumber(right);
        var found = new List<KeyInterval>();
        foreach (JsValue single in (ReadOnlySpan<JsValue>)[JsValue.Null, JsValue.False, JsValue.True])
            if (rule.Test(single)) found.Add(KeyInterval.Point(single));
        if (!double.IsNaN(number)) found.Add(Side(relation, KeyInterval.Numbers, JsValue.From(number)));
        if (!right.IsString && double.IsNaN(number)) return new(KeySet.Of(found), true);

        if (right.IsString) found.Add(TextOrder.Related(relation, right.AsString));
        else found.Add(KeyInterval.Texts);
        found.Add(Arrays);
        if (rule.Test(JsValue.From(new JsObject()))) found.Add(Objects);
        return new(KeySet.Of(found), false) { IsTightOnNumbers = true };
    }

    /// <summary>The part of an interval on the relation's side of a bound.</summary>
    internal static KeyInterval Side(Relation relation, in KeyInterval all, in JsValue bound) => relation switch
    {
        Relation.Less => all with { Upper = bound, UpperInclusive = false },
        Relation.LessOrEqual => all with { Upper = bound, UpperInclusive = true },
        Relation.Greater => all with { Lower = bound, LowerInclusive = false },
        _ => all with { Lower = bound, LowerInclusive = true },
    };
}
