using Flume.Query.Json;
using Flume.Query.MapFilterReduce.Reduce;
using Flume.Query.MapFilterReduce.Rules;

namespace Flume.Query.MapFilterReduce.Planning;

/// <summary>The necessary conditions on the fields of every record that passes a query's first filters.</summary>
/// <remarks>
/// 1. Necessary: a record with a field outside its set cannot pass. A reader that uses these facts filters again.
/// 2. Also sufficient if <see cref="IsComplete"/> is true.
/// 3. Sets are in index order and follow JavaScript's comparison: <c>{$gt: 5}</c> passes the text "6", so its set
/// contains all texts. An index of numbers uses only the numbers of the set.
/// </remarks>
public sealed class FilterFacts
{
    /// <summary>No conditions.</summary>
    public static readonly FilterFacts None = new();

    private readonly Dictionary<FieldPath, KeySet> _fields = [];
    private readonly HashSet<FieldPath> _loose = [];

    private FilterFacts()
    {
    }

    /// <summary>The fields with conditions.</summary>
    public IReadOnlyDictionary<FieldPath, KeySet> Fields => _fields;

    /// <summary>True if every record passes whose fields are all in their sets.</summary>
    public bool IsComplete { get; private set; } = true;

    /// <summary>
    /// True if every record passes whose fields are all in their sets, provided that loose fields hold numbers.
    /// </summary>
    public bool IsCompleteOnNumbers { get; private set; } = true;

    /// <summary>True if no record can pass.</summary>
    public bool IsNever => _fields.Values.Any(keys => keys.IsEmpty);

    /// <summary>True for a record whose fields are all in their sets.</summary>
    public bool Hold(in JsValue record)
    {
        foreach ((FieldPath path, KeySet keys) in _fields)
        {
            if (!keys.Contains(path.Read(record))) return false;
        }

        return true;
    }

    /// <summary>The possible values of a field; they include undefined if the field can be missing.</summary>
    public KeySet this[FieldPath path] => _fields.GetValueOrDefault(path, KeySet.Everything);

    /// <summary>
    /// True for a field whose set is larger than its condition: of its values, only the numbers are known to pass.
    /// </summary>
    public bool IsLoose(FieldPath path) => _loose.Contains(path);

    /// <summary>The facts of a query's first filters.</summary>
    public static FilterFacts Of(JsArray query)
    {
        var facts = new FilterFacts();
        foreach (JsValue stage in query)
        {
            if (!stage.IsTruthy) continue;
            if (!IsFilter(stage)) break;
            facts.ReadRule(stage.AsObject, FieldPath.Root);
        }

        return facts;
    }

    /// <summary>Facts from explicit sets: a range of an index without a filter.</summary>
    internal static FilterFacts Of(IEnumerable<KeyValuePair<FieldPath, KeySet>> fields)
    {
        var facts = new FilterFacts();
        foreach (KeyValuePair<FieldPath, KeySet> field in fields) facts.Restrict(field.Key, new(field.Value, true));
        return facts;
    }

    /// <summary>These facts, with the additional condition that a field is one of <paramref name="keys"/>.</summary>
    internal FilterFacts And(FieldPath path, KeySet keys)
    {
        FilterFacts both = Of(_fields);
        (both.IsComplete, both.IsCompleteOnNumbers) = (IsComplete, IsCompleteOnNumbers);
        both._loose.UnionWith(_loose);
        both.Restrict(path, new(keys, true));
        return both;
    }

    /// <summary>True for a stage that filters.</summary>
    internal static bool IsFilter(in JsValue stage) =>
        stage.IsObject && stage.AsObject.Count > 0 && stage.AsObject.At(0).Key == "$filter";

    /// <summary>Follows <see cref="RuleCompiler.MakeFilter"/>. True if a missing field cannot pass.</summary>
    private bool ReadFilter(in JsValue rule, FieldPath path)
    {
        if (path.Length > RuleCompiler.DepthMax) return Unknown();
        switch (rule.Kind)
        {
            case JsKind.Array: return ReadItems(rule.AsArray, path);
            case JsKind.Object when RuleCompiler.HasOperators(rule.AsObject): return ReadRule(rule.AsObject, path);
            case JsKind.Object: return ReadMembers(rule.AsObject, path);
            default: return Restrict(path, OperatorKeys.Exactly(rule));
        }
    }

    /// <summary>
    /// Follows <see cref="RuleCompiler.Make"/>: operators, else reducers, else the first nested stage.
    /// </summary>
    private bool ReadRule(JsObject rule, FieldPath path)
    {
        bool any = false, needed = false;
        for (int i = 0; i < rule.Count; i++)
        {
            KeyValuePair<string, JsValue> member = rule.At(i);
            if (Operators.Find(member.Key, member.Value) is null) continue;
            any = true;
            needed |= Restrict(path, OperatorKeys.Of(member.Key, member.Value));
        }

        if (any) return needed;
        string? nested = rule.Select(member => member.Key)
            .FirstOrDefault(name => name is "$filter" or "$map" or "$reduce");
        bool isFilter = nested == "$filter" && !rule.Any(member => ReduceCompiler.IsScalar(member.Key));
        return isFilter ? ReadFilter(rule["$filter"], path) : Unknown();
    }

    private bool ReadMembers(JsObject rule, FieldPath path)
    {
        bool needed = false;
        foreach ((string name, JsValue filter) in rule) needed |= ReadFilter(filter, path.Then(name));
        if (!needed) Restrict(path, new(OperatorKeys.NotNullish, true));
        return true;
    }

    private bool ReadItems(JsArray rule, FieldPath path)
    {
        bool needed = false;
        var items = new KeySet[rule.Count];
        for (int i = 0; i < items.Length; i++)
        {
            FieldPath item = path.Then(JsNumber.Format(i));
            needed |= ReadFilter(rule[i], item);
            items[i] = this[item];
        }

        Restrict(path, new(needed ? OperatorKeys.StartingWith(items) : OperatorKeys.NotNullish, true));
        return true;
    }

    private bool Restrict(FieldPath path, in OperatorKeys keys)
    {
        IsComplete &= keys.IsTight;
        IsCompleteOnNumbers &= keys.IsTightOnNumbers;
        if (!keys.IsTight) _loose.Add(path);
        _fields[path] = this[path].Intersect(keys.Keys);
        return !keys.Keys.Contains(JsValue.Undefined);
    }

    private bool Unknown()
    {
        IsComplete = IsCompleteOnNumbers = false;
        return false;
    }
}
