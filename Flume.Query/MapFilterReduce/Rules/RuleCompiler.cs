using Flume.Query.Json;
using Flume.Query.MapFilterReduce.Reduce;

namespace Flume.Query.MapFilterReduce.Rules;

/// <summary>
/// Compiles the JSON of a query to rules: docs/spec 4.1, in the order in which JavaScript tests the kinds.
/// </summary>
internal static class RuleCompiler
{
    /// <summary>The maximum nesting depth of a query, far above that of handwritten queries.</summary>
    public const int DepthMax = 200;

    /// <summary>The rule of a JSON value; a <see cref="Reducer"/> if it reduces.</summary>
    /// <exception cref="QueryException">The value is not a rule.</exception>
    public static Rule Make(in JsValue rule, int depth = 0)
    {
        if (depth > DepthMax)
            throw new QueryException($"The query nests deeper than {DepthMax} levels. Make it flatter.");
        switch (rule.Kind)
        {
            case JsKind.String: return new MemberRule(new PropertyName(rule.AsString));
            case JsKind.Number when double.IsInteger(rule.AsNumber): return new ItemRule(rule.AsNumber);
            case JsKind.Boolean when rule.AsBoolean: return IdentityRule.Instance;
            case JsKind.Array: return new ComposeRule(Unaries(rule.AsArray, depth));
            case JsKind.Object:
                return MakeOperators(rule.AsObject) ?? ReduceCompiler.MakeScalar(rule.AsObject, depth)
                    ?? MakeNested(rule.AsObject, depth) ?? throw Unknown(rule);
            default: throw Unknown(rule);
        }
    }

    /// <summary>As <see cref="Make"/>, for a rule of one value at a time.</summary>
    /// <exception cref="QueryException">The value is not a rule, or it groups and therefore needs a stream of
    /// values.</exception>
    public static Rule MakeUnary(in JsValue rule, int depth) => Unary(Make(rule, depth), rule);

    /// <summary>True for an object with operators: one of its names starts with <c>$</c>.</summary>
    public static bool HasOperators(JsObject rule)
    {
        for (int i = 0; i < rule.Count; i++)
            if (rule.At(i).Key.StartsWith('$')) return true;
        return false;
    }

    /// <summary>The rule of a <c>$filter</c>.</summary>
    /// <exception cref="QueryException">A part of it is not a rule.</exception>
    public static Rule MakeFilter(in JsValue rule, int depth)
    {
        if (depth > DepthMax) return Make(rule, depth);
        switch (rule.Kind)
        {
            case JsKind.Array:
                var items = new KeyValuePair<string, JsValue>[rule.AsArray.Count];
                for (int i = 0; i < items.Length; i++) items[i] = new(JsNumber.Format(i), rule.AsArray[i]);
                return Container(items, depth);
            case JsKind.Object when !HasOperators(rule.AsObject): return Container([.. rule.AsObject], depth);
            case JsKind.Object: return Make(rule, depth);
            default: return new LiteralRule(rule);
        }
    }

    private static Rule? MakeOperators(JsObject rule)
    {
        var found = new List<Rule>();
        for (int i = 0; i < rule.Count; i++)
        {
            KeyValuePair<string, JsValue> member = rule.At(i);
            if (Operators.Find(member.Key, member.Value) is { } made) found.Add(made);
        }

        return found.Count <= 1 ? found.FirstOrDefault() : new AllRule([.. found]);
    }

    private static Rule? MakeNested(JsObject rule, int depth)
    {
        for (int i = 0; i < rule.Count; i++)
        {
            KeyValuePair<string, JsValue> member = rule.At(i);
            switch (member.Key)
            {
                case "$filter": return MakeFilter(member.Value, depth + 1);
                case "$map": return MakeMap(member.Value, depth + 1);
                case "$reduce": return ReduceCompiler.MakeReduce(member.Value, depth + 1);
            }
        }

        return null;
    }

    private static Rule MakeMap(in JsValue rule, int depth)
    {
        if (!rule.IsObject || HasOperators(rule.AsObject) || depth > DepthMax) return Make(rule, depth);
        int count = rule.AsObject.Count;
        var names = new PropertyName[count];
        var rules = new Rule?[count];
        for (int i = 0; i < count; i++)
        {
            KeyValuePair<string, JsValue> member = rule.AsObject.At(i);
            names[i] = new PropertyName(member.Key);
            if (member.Value is not { Kind: JsKind.Boolean, AsBoolean: true })
                rules[i] = Unary(MakeMap(member.Value, depth + 1), member.Value);
        }

        return new ProjectRule(names, rules);
    }

    private static ContainerRule Container(KeyValuePair<string, JsValue>[] members, int depth)
    {
        var names = new PropertyName[members.Length];
        var rules = new Rule[members.Length];
        for (int i = 0; i < members.Length; i++)
        {
            names[i] = new PropertyName(members[i].Key);
            rules[i] = Unary(MakeFilter(members[i].Value, depth + 1), members[i].Value);
        }

        return new ContainerRule(names, rules);
    }

    private static Rule[] Unaries(JsArray rules, int depth)
    {
        var made = new Rule[rules.Count];
        for (int i = 0; i < made.Length; i++) made[i] = MakeUnary(rules[i], depth + 1);
        return made;
    }

    private static Rule Unary(Rule made, in JsValue rule) => made is not TableReducer ? made : throw new QueryException(
        $"could not process:{rule.ToJson()}: a $reduce with groups or members is a stage, or stands inside a $reduce.");

    private static QueryException Unknown(in JsValue rule) => new($"could not process:{rule.ToJson()}");
}
