using Flume.Query.Json;
using Flume.Query.MapFilterReduce;
using Flume.Query.MapFilterReduce.Rules;

namespace Flume.TestKit;

/// <summary>
/// A simple implementation of the query language of docs/spec 4. Each stage processes the whole input and parses its
/// rules for each value.
/// </summary>
internal sealed class NaiveQuery
{
    private static readonly string[] Operators =
    [
        "$lt", "$gt", "$lte", "$gte", "$eq", "$ne", "$not", "$truthy", "$prefix", "$is", "$in", "$type", "$int", "$mod",
        "$get",
    ];

    private static readonly string[] Reducers = ["$count", "$sum", "$product", "$max", "$min", "$collect"];

    public List<JsValue> Run(JsArray query, JsArray input)
    {
        // An empty input must also report an invalid query.
        foreach (JsValue stage in query.Where(stage => stage.IsTruthy)) Check(stage);
        List<JsValue> items = [.. input];
        foreach (JsValue stage in query.Where(stage => stage.IsTruthy))
        {
            JsValue argument = stage.AsObject.At(0).Value;
            items = stage.AsObject.At(0).Key switch
            {
                "$filter" => [.. items.Where(item => Filter(argument, item).IsTruthy)],
                "$map" => [.. items.Select(item => Map(argument, item)).Where(made => made.IsTruthy)],
                "$sort" => Sort(argument, items),
                _ => items.Count == 0 ? [] : Flat(Reduce(argument, items)),
            };
        }

        return items;
    }

    private static void Check(JsValue stage)
    {
        (string name, JsValue argument) = stage.AsObject.At(0);
        if (name == "$filter") CheckFilter(argument);
        else if (name == "$map") CheckMembers(argument);
        else if (name == "$reduce") CheckMembers(argument);
        else if (name != "$sort") throw new QueryException($"unknown function:{name}");
    }

    private static void CheckFilter(JsValue rule)
    {
        if (rule.IsArray) foreach (JsValue item in rule.AsArray) CheckFilter(item);
        else if (rule.IsObject && !HasDollar(rule)) foreach ((_, JsValue member) in rule.AsObject) CheckFilter(member);
        else if (rule.IsObject) CheckRule(rule);
    }

    private static void CheckMembers(JsValue rule)
    {
        if (rule.IsObject && !HasDollar(rule)) foreach ((_, JsValue member) in rule.AsObject) CheckMembers(member);
        else CheckRule(rule);
    }

    private static void CheckRule(JsValue rule)
    {
        if (rule.IsString || (rule.IsBoolean && rule.AsBoolean)) return;
        if (rule.IsNumber && double.IsInteger(rule.AsNumber)) return;
        if (rule.IsArray)
        {
            foreach (JsValue item in rule.AsArray) CheckRule(item);
            return;
        }

        if (rule.IsObject && Has(rule, Operators)) return;
        if (rule.IsObject && Has(rule, Reducers)) CheckRule(First(rule, Reducers).Value);
        else if (rule.IsObject && Has(rule, "$filter")) CheckFilter(rule["$filter"]);
        else if (rule.IsObject && Has(rule, "$map", "$reduce")) CheckMembers(First(rule, "$map", "$reduce").Value);
        else throw new QueryException($"could not process:{rule.ToJson()}");
    }

    private static JsValue Make(JsValue rule, JsValue value)
    {
        if (rule.IsString) return value[rule.AsString];
        if (rule.IsBoolean) return value;
        if (rule.IsNumber) return Item((int)rule.AsNumber, value);
        if (rule.IsArray) return rule.AsArray.Aggregate(value, (made, step) => Make(step, made));
        if (Has(rule, Operators))
        {
            JsValue result = JsValue.True;
            foreach ((string name, JsValue argument) in rule.AsObject)
                if (Operators.Contains(name) && result.IsTruthy) result = Operate(name, argument, value);
            return result;
        }

        if (Has(rule, Reducers))
        {
            (string name, JsValue input) = First(rule, Reducers);
            return Step(name, value, Make(input, JsValue.Undefined));
        }

        return Has(rule, "$filter") ? Filter(rule["$filter"], value) : Map(rule["$map"], value);
    }

    private static JsValue Item(int place, JsValue value)
    {
        if (value.IsNullish || value.IsBoolean || value.IsNumber) return JsValue.Undefined;
        double at = place >= 0 ? place : Coerce.ToNumber(value["length"]) + place;
        return value[JsNumber.Format(at)];
    }

    private static JsValue Operate(string name, JsValue b, JsValue a)
    {
        bool isPrefix = b.IsArray && a.IsArray && a.AsArray.Count > b.AsArray.Count
            && b.AsArray.Select((item, i) => JsValue.StrictEquals(item, a.AsArray[i])).All(same => same);
        return name switch
        {
            "$lt" => JsValue.From(Order(a, b) is < 0),
            "$gt" => JsValue.From(Order(a, b) is > 0),
            "$lte" => JsValue.From(Order(a, b) is <= 0),
            "$gte" => JsValue.From(Order(a, b) is >= 0),
            "$eq" => JsValue.From(JsValue.StrictEquals(a, b)),
            "$ne" => JsValue.From(!JsValue.StrictEquals(a, b)),
            "$not" => JsValue.From(!a.IsTruthy),
            "$truthy" => JsValue.From(a.IsTruthy),
            "$prefix" when b.IsArray => JsValue.From(isPrefix),
            "$prefix" when b.IsNumber => JsValue.From(a.IsString && Coerce.ToNumber(a) == b.AsNumber),
            "$prefix" => JsValue.From(a.IsString && a.AsString.StartsWith(b.AsString, StringComparison.Ordinal)),
            "$is" => JsValue.From(Coerce.TypeOf(a) == b.AsString),
            "$in" when b.IsArray =>
                JsValue.From((double)~b.AsArray.ToList().FindIndex(item => JsValue.StrictEquals(item, a))),
            "$in" => JsValue.From((double)~b.AsString.IndexOf(Coerce.ToText(a), StringComparison.Ordinal)),
            "$type" => JsValue.From(Coerce.TypeOf(a)),
            "$int" => JsValue.From(a.IsNumber && a.AsNumber % 1 == 0),
            "$mod" => JsValue.From(Coerce.ToNumber(a) % b.AsNumber),
            _ => b.IsArray ? b.AsArray.Aggregate(a, (value, step) => value[Coerce.ToText(step)]) : a,
        };
    }

    private static int? Order(JsValue a, JsValue b)
    {
        JsValue left = Coerce.ToPrimitive(a), right = Coerce.ToPrimitive(b);
        if (left.IsString && right.IsString) return string.CompareOrdinal(left.AsString, right.AsString);
        double x = Coerce.ToNumber(left), y = Coerce.ToNumber(right);
        return x < y ? -1 : x > y ? 1 : x == y ? 0 : null;
    }

    private static JsValue Filter(JsValue rule, JsValue value)
    {
        if (rule.IsObject && HasDollar(rule)) return Make(rule, value);
        if (!rule.IsArray && !rule.IsObject) return JsValue.From(JsValue.StrictEquals(rule, value));
        if (value.IsNullish) return JsValue.False;
        return JsValue.From(rule.IsArray
            ? rule.AsArray.Select((item, i) => Filter(item, value[i])).All(passed => passed.IsTruthy)
            : rule.AsObject.All(member => Filter(member.Value, value[member.Key]).IsTruthy));
    }

    private static JsValue Map(JsValue rule, JsValue value)
    {
        if (!rule.IsObject || HasDollar(rule)) return Make(rule, value);
        if (value.IsNullish || rule.AsObject.Count == 0) return JsValue.Undefined;
        JsObject made = new();
        foreach ((string name, JsValue member) in rule.AsObject)
        {
            JsValue own = value.IsTruthy ? value[name] : value;
            made.Set(name, member.IsBoolean && member.AsBoolean ? own : Map(member, value));
        }

        return JsValue.From(made);
    }

    private static JsValue Reduce(JsValue rule, List<JsValue> items)
    {
        List<JsValue> keys = [];
        Keys(rule, keys);
        if (keys.Count == 0) return Row(rule, items);
        List<(JsValue[] Tuple, List<JsValue> Items)> groups = [];
        foreach (JsValue item in items)
        {
            JsValue[] tuple = [.. keys.Select(key => Make(key, item))];
            int at = groups.FindIndex(group => CompareTuples(group.Tuple, tuple) == 0);
            if (at >= 0) groups[at].Items.Add(item);
            else groups.Add((tuple, [item]));
        }

        groups.Sort((a, b) => CompareTuples(a.Tuple, b.Tuple));
        return JsValue.From(new JsArray(groups.Select(group => Row(rule, group.Items))));
    }

    private static int CompareTuples(JsValue[] a, JsValue[] b) =>
        a.Select((key, i) => Typewise.Compare(key, b[i])).FirstOrDefault(order => order != 0);

    private static void Keys(JsValue rule, List<JsValue> keys)
    {
        if (rule.IsObject && !HasDollar(rule)) foreach ((_, JsValue member) in rule.AsObject) Keys(member, keys);
        else if (!IsReducer(rule)) keys.Add(rule);
    }

    private static bool IsReducer(JsValue rule) =>
        rule.IsObject && !Has(rule, Operators) && (Has(rule, Reducers) || Has(rule, "$reduce"));

    private static JsValue Row(JsValue rule, List<JsValue> items)
    {
        if (rule.IsObject && !HasDollar(rule))
        {
            JsObject made = new();
            foreach ((string name, JsValue member) in rule.AsObject) made.Set(name, Row(member, items));
            return JsValue.From(made);
        }

        if (!IsReducer(rule)) return Make(rule, items[^1]);
        if (!Has(rule, Reducers)) return Reduce(rule["$reduce"], items);
        (string reducer, JsValue input) = First(rule, Reducers);
        return items.Aggregate(JsValue.Undefined, (sum, item) => Step(reducer, sum, Make(input, item)));
    }

    private static JsValue Step(string name, JsValue a, JsValue b) => name switch
    {
        "$count" => Coerce.Plus(a.IsTruthy ? a : JsValue.From(0), JsValue.From(1)),
        "$sum" => JsValue.From(OrElse(a, 0) + OrElse(b, 0)),
        "$product" => JsValue.From((a.IsTruthy ? Coerce.ToNumber(a) : 1) * (b.IsTruthy ? Coerce.ToNumber(b) : 1)),
        "$max" => a.IsUndefined ? b : JsValue.From(Math.Max(Coerce.ToNumber(a), Coerce.ToNumber(b))),
        "$min" => a.IsUndefined ? b : JsValue.From(Math.Min(Coerce.ToNumber(a), Coerce.ToNumber(b))),
        _ => JsValue.From(new JsArray(a.IsArray ? a.AsArray : []).Add(b)),
    };

    private static double OrElse(JsValue value, double other) =>
        Coerce.ToNumber(value) is double number && !double.IsNaN(number) ? number : other;

    private static List<JsValue> Flat(JsValue made) =>
        made.IsArray ? [.. made.AsArray] : made.IsNullish ? [] : [made];

    private static List<JsValue> Sort(JsValue paths, List<JsValue> items)
    {
        var comparer = Comparer<JsValue>.Create((a, b) => Compare(paths.AsArray, a, b));
        List<JsValue> sorted = [];
        foreach (JsValue item in items.Where(item => !item.IsUndefined))
        {
            int at = sorted.Count;
            while (at > 0 && comparer.Compare(item, sorted[at - 1]) < 0) at--;
            sorted.Insert(at, item);
        }

        return [.. sorted, .. items.Where(item => item.IsUndefined)];
    }

    private static int Compare(JsArray paths, JsValue a, JsValue b)
    {
        int sign = 1;
        foreach (JsValue given in paths)
        {
            if (given.IsObject) sign = -1;
            JsValue path = given.IsObject ? given["$reverse"] : given;
            int order = Typewise.Compare(At(a, path), At(b, path));
            if (order != 0) return order * sign;
        }

        return 0;
    }

    private static JsValue At(JsValue item, JsValue path)
    {
        if (!item.IsArray && !item.IsObject) return JsValue.Undefined;
        if (!path.IsArray) return item[Coerce.ToText(path)];
        JsValue found = path.AsArray.Aggregate(item, (value, name) => value[Coerce.ToText(name)]);
        return found.IsNull ? JsValue.Undefined : found;
    }

    private static bool HasDollar(JsValue rule) => rule.AsObject.Any(member => member.Key.StartsWith('$'));

    private static bool Has(JsValue rule, params string[] names) =>
        rule.AsObject.Any(member => names.Contains(member.Key));

    private static KeyValuePair<string, JsValue> First(JsValue rule, params string[] names) =>
        rule.AsObject.First(member => names.Contains(member.Key));
}
