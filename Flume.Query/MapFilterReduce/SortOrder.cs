using Flume.Query.Json;
using Flume.Query.MapFilterReduce.Rules;

namespace Flume.Query.MapFilterReduce;

/// <summary>A compiled <c>$sort</c>: the paths to compare, and the direction of each.</summary>
internal sealed class SortOrder
{
    private readonly List<(PropertyName[] Path, bool IsBare, int Sign)> _paths = [];

    /// <summary>Compiles the value of <c>$sort</c>: a list of paths, or one path.</summary>
    /// <exception cref="QueryException">A path is invalid.</exception>
    public SortOrder(in JsValue sort)
    {
        int sign = 1;
        JsArray paths = sort.IsArray ? sort.AsArray : new JsArray([sort]);
        foreach (JsValue given in paths)
        {
            JsValue path = given;
            if (given.IsObject)
            {
                path = given["$reverse"];
                sign = -1;
            }

            bool bare = path.Kind is JsKind.String or JsKind.Number;
            if (!bare && !path.IsArray) throw NoPath(given);
            JsArray names = bare ? new JsArray([path]) : path.AsArray;
            _paths.Add(([.. names.Select(name => PropertyName.From(name))], bare, sign));
        }
    }

    /// <summary>The sort keys of an item, read once instead of for every comparison.</summary>
    public JsValue[] KeysOf(in JsValue item)
    {
        var keys = new JsValue[_paths.Count];
        for (int i = 0; i < keys.Length; i++) keys[i] = Own(Read(item, _paths[i].Path, _paths[i].IsBare));
        return keys;
    }

    /// <summary>Compares two items by their keys.</summary>
    /// <exception cref="QueryException">Two keys differ only in objects, which cannot be ordered.</exception>
    public int Compare(JsValue[] a, JsValue[] b)
    {
        for (int i = 0; i < a.Length; i++)
        {
            int order = Typewise.Compare(a[i], b[i]);
            if (order != 0) return order * _paths[i].Sign;
        }

        return 0;
    }

    /// <summary>
    /// As in libnested: null at the end of an array path is undefined; for a bare name it remains null.
    /// </summary>
    private static JsValue Read(in JsValue item, PropertyName[] path, bool isBare)
    {
        if (item.Kind < JsKind.Array) return JsValue.Undefined;
        JsValue value = item;
        foreach (PropertyName name in path) value = name.Read(value);
        return value.IsNull && !isBare ? JsValue.Undefined : value;
    }

    private static JsValue Own(in JsValue value) => value.Kind switch
    {
        JsKind.String => JsValue.From(value.AsString),
        JsKind.Number => JsValue.From(value.AsNumber),
        _ => value,
    };

    private static QueryException NoPath(in JsValue given) => new(
        $"could not process:{given.ToJson()}: " +
        "$sort takes a list of paths, each a name, a list of names, or {\"$reverse\": path}.");
}
