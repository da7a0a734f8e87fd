using Flume.Query.Json;

namespace Flume.Query.MapFilterReduce.Rules;

/// <summary>The operators of docs/spec 4.2, by name.</summary>
internal static class Operators
{
    /// <summary>
    /// The rule for one operator of an object, or null if <paramref name="name"/> is not an operator.
    /// </summary>
    /// <exception cref="QueryException">The argument always makes JavaScript's operator throw.</exception>
    public static Rule? Find(string name, in JsValue argument) => name switch
    {
        "$lt" => new RelationRule(Relation.Less, argument),
        "$gt" => new RelationRule(Relation.Greater, argument),
        "$lte" => new RelationRule(Relation.LessOrEqual, argument),
        "$gte" => new RelationRule(Relation.GreaterOrEqual, argument),
        "$eq" => new LiteralRule(argument),
        "$ne" => new NotEqualRule(new LiteralRule(argument)),
        "$not" => new TruthRule(false),
        "$truthy" => new TruthRule(true),
        "$prefix" => Prefix(argument),
        "$is" => new IsRule(argument.IsString ? argument.AsString : ""),
        "$in" => In(argument),
        "$type" => new TypeRule(),
        "$int" => new IntegerRule(),
        "$mod" => new RemainderRule(Coerce.ToNumber(argument)),
        "$get" => Get(argument),
        _ => null,
    };

    private static Rule Prefix(in JsValue argument) => argument.Kind switch
    {
        JsKind.String => new TextPrefixRule(argument.AsString),
        JsKind.Array => new ItemsPrefixRule(argument.AsArray),
        JsKind.Null => throw NotAllowed("$prefix", argument, "a string or an array"),
        _ => new LooseTextRule(argument),
    };

    private static Rule In(in JsValue argument) => argument.Kind switch
    {
        JsKind.Array => new InItemsRule(argument.AsArray),
        JsKind.String => new InTextRule(argument.AsString),
        _ => throw NotAllowed("$in", argument, "an array or a string"),
    };

    private static Rule Get(in JsValue argument)
    {
        if (argument.IsString) return new MemberRule(new PropertyName(argument.AsString));
        if (argument.IsBoolean && argument.AsBoolean) return IdentityRule.Instance;
        if (!argument.IsArray) return new NothingRule();
        var steps = new Rule[argument.AsArray.Count];
        for (int i = 0; i < steps.Length; i++) steps[i] = new MemberRule(PropertyName.From(argument.AsArray[i]));
        return new ComposeRule(steps);
    }

    private static QueryException NotAllowed(string name, in JsValue argument, string wanted) =>
        new($"could not process:{{\"{name}\":{argument.ToJson()}}}: {name} takes {wanted}.");
}
