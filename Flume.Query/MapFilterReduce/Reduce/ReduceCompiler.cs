using Flume.Query.Json;
using Flume.Query.MapFilterReduce.Rules;

namespace Flume.Query.MapFilterReduce.Reduce;

/// <summary>Compiles a <c>$reduce</c>: separates its leaves into group keys and accumulators (docs/spec 4.5).</summary>
internal sealed class ReduceCompiler
{
    private readonly List<Rule> _keys = [];
    private readonly List<Reducer> _reducers = [];

    private ReduceCompiler()
    {
    }

    /// <summary>
    /// The reducer of an object such as <c>{$sum: 'size'}</c>; null if it names no reducer.
    /// </summary>
    /// <exception cref="QueryException">The argument is not a rule.</exception>
    public static Rule? MakeScalar(JsObject rule, int depth)
    {
        for (int i = 0; i < rule.Count; i++)
        {
            KeyValuePair<string, JsValue> member = rule.At(i);
            if (!IsScalar(member.Key)) continue;
            Rule input = RuleCompiler.MakeUnary(member.Value, depth + 1);
            return member.Key switch
            {
                "$count" => new CountReducer(input),
                "$sum" => new SumReducer(input),
                "$product" => new ProductReducer(input),
                "$max" => new ExtremeReducer(input, greatest: true),
                "$min" => new ExtremeReducer(input, greatest: false),
                _ => new CollectReducer(input),
            };
        }

        return null;
    }

    /// <summary>True for the names of reducers.</summary>
    public static bool IsScalar(string name) =>
        name is "$count" or "$sum" or "$product" or "$max" or "$min" or "$collect";

    /// <summary>Compiles the value of <c>$reduce</c>.</summary>
    /// <exception cref="QueryException">A part of it is not a rule.</exception>
    public static Reducer MakeReduce(in JsValue rule, int depth)
    {
        var compiler = new ReduceCompiler();
        ReduceShape shape = compiler.Shape(rule, depth);
        return shape is ValueShape
            ? compiler._reducers[0]
            : new TableReducer([.. compiler._keys], [.. compiler._reducers], shape);
    }

    private ReduceShape Shape(in JsValue rule, int depth)
    {
        if (rule.IsObject && !RuleCompiler.HasOperators(rule.AsObject) && depth <= RuleCompiler.DepthMax)
            return Members(rule.AsObject, depth);
        Rule made = RuleCompiler.Make(rule, depth);
        if (made is Reducer reducer)
        {
            _reducers.Add(reducer);
            return new ValueShape(_reducers.Count - 1);
        }

        _keys.Add(made);
        return new KeyShape(_keys.Count - 1);
    }

    private ObjectShape Members(JsObject rule, int depth)
    {
        var members = new KeyValuePair<string, ReduceShape>[rule.Count];
        for (int i = 0; i < members.Length; i++)
        {
            KeyValuePair<string, JsValue> member = rule.At(i);
            members[i] = new(member.Key, Shape(member.Value, depth + 1));
        }

        return new ObjectShape(members);
    }
}
