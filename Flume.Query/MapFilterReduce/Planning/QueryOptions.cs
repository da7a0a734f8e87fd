using System.Text;
using Flume.Query.Json;

namespace Flume.Query.MapFilterReduce.Planning;

/// <summary>The options of <c>read</c> or <c>explain</c>, parsed as in the JavaScript modules.</summary>
public sealed class QueryOptions
{
    private QueryOptions()
    {
    }

    /// <summary>The query: an array of stages, an object that only selects a range of an index, or undefined.</summary>
    public JsValue Query { get; private init; }

    /// <summary>Whether to read in reverse order.</summary>
    public bool Reverse { get; private init; }

    /// <summary>Whether to return stored records.</summary>
    public bool Old { get; private init; }

    /// <summary>Whether to continue with new records.</summary>
    public bool Live { get; private init; }

    /// <summary>The value of the option <c>sync</c>.</summary>
    public JsValue Sync { get; private init; }

    /// <summary>False if the caller wants no marker between old and live results.</summary>
    public bool WantsMarker => !(Sync.IsBoolean && !Sync.AsBoolean);

    /// <summary>The maximum number of results, old and live together; <see cref="long.MaxValue"/> for all.</summary>
    public long ResultsMax { get; private init; } = long.MaxValue;

    /// <summary>The key of the index that orders the results; null for an automatic choice.</summary>
    public string? Index { get; private init; }

    /// <summary>Parses the options: an object, the JSON text of a query, or undefined.</summary>
    /// <exception cref="QueryException">An option is invalid.</exception>
    public static QueryOptions FromJs(in JsValue options)
    {
        JsValue query = options.IsString ? options : options["query"];
        JsValue old = options["old"];
        bool wantsOld = !(old.IsBoolean && !old.AsBoolean);
        JsValue index = options["index"];
        return new QueryOptions
        {
            Query = ReadQuery(query),
            Reverse = options["reverse"].IsTruthy,
            Old = wantsOld,
            Live = !wantsOld || options["live"] is { Kind: JsKind.Boolean, AsBoolean: true },
            Sync = options["sync"],
            ResultsMax = ReadLimit(options["limit"]),
            Index = !index.IsTruthy ? null
                : index.IsString ? index.AsString
                : throw new QueryException($"Invalid index: {index.ToJson()}"),
        };
    }

    private static JsValue ReadQuery(in JsValue given)
    {
        JsValue query = given.IsString && given.IsTruthy ? ParseText(given.AsString) : given;
        if (!query.IsTruthy) return JsValue.Undefined;
        return query is { Kind: JsKind.Array, AsArray.Count: 0 }
            ? throw new QueryException("The query is an empty array: expected at least one stage, or no query at all.")
            : query;
    }

    private static JsValue ParseText(string text)
    {
        try
        {
            return JsValue.ParseWhole(Encoding.UTF8.GetBytes(text));
        }
        catch (JsSyntaxException e)
        {
            throw new QueryException($"The query is a text, so it has to be JSON, and is not: {e.Message}");
        }
    }

    /// <summary>
    /// JavaScript counts down to exactly 0, which a negative number or a fraction never reaches.
    /// </summary>
    private static long ReadLimit(in JsValue limit)
    {
        if (!limit.IsTruthy) return long.MaxValue;
        if (!limit.IsNumber)
            throw new QueryException($"limit is {limit.ToJson()}: expected a number, or nothing for all.");
        double wanted = limit.AsNumber;
        return wanted > 0 && wanted < long.MaxValue && double.IsInteger(wanted) ? (long)wanted : long.MaxValue;
    }
}
