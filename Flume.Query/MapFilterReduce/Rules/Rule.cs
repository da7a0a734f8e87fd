using Flume.Query.Json;

namespace Flume.Query.MapFilterReduce.Rules;

/// <summary>One compiled part of a query: a function of one value.</summary>
/// <remarks>
/// Rules have no state, so that any number of threads can use one compiled query. No rule throws for any value.
/// </remarks>
internal abstract class Rule
{
    /// <summary>The rule's result for <paramref name="value"/>.</summary>
    public abstract JsValue Evaluate(in JsValue value);

    /// <summary>Whether that result is truthy.</summary>
    public virtual bool Test(in JsValue value) => Evaluate(value).IsTruthy;
}

/// <summary>A rule whose result is true or false.</summary>
internal abstract class Predicate : Rule
{
    /// <inheritdoc/>
    public sealed override JsValue Evaluate(in JsValue value) => JsValue.From(Test(value));

    /// <inheritdoc/>
    public abstract override bool Test(in JsValue value);
}

/// <summary>
/// All rules of a list, joined as JavaScript's <c>&amp;&amp;</c>: the first falsy result, or the last one.
/// </summary>
internal sealed class AllRule(Rule[] rules) : Rule
{
    /// <inheritdoc/>
    public override JsValue Evaluate(in JsValue value)
    {
        JsValue result = JsValue.Undefined;
        foreach (Rule rule in rules)
        {
            result = rule.Evaluate(value);
            if (!result.IsTruthy) break;
        }

        return result;
    }

    /// <inheritdoc/>
    public override bool Test(in JsValue value)
    {
        foreach (Rule rule in rules)
            if (!rule.Test(value)) return false;
        return true;
    }
}
