using System.Text;
using Flume.Query.Json;

namespace Flume.Query.MapFilterReduce.Planning;

/// <summary>What a caller of <c>read</c> or <c>explain</c> passed, read as the JavaScript modules read it.</summary>
public sealed class QueryOptions
{
    private QueryOptions()
    {
    }

    /// <summary>The query: an array of stages, an object that only chooses a range of an index, or undefined.</summary>
    public JsValue Query { get; private init; }

    /// <summary>Read from the end.</summary>
    public bool Reverse { get; private init; }

    /// <summary>Give what is there already.</summary>
    public bool Old { get; private init; }

    /// <summary>Stay, and give what comes.</summary>
    public bool Live { get; private init; }

    /// <summary>The option <c>sync</c> as it was given.</summary>
    public JsValue Sync { get; private init; }

    /// <summary>False when the caller wants no marker between old and live.</summary>
    public bool WantsMarker => !(Sync.IsBoolean && !Sync.AsBoolean);

    /// <summary>The most results to give, over old and live together; <see cref="long.MaxValue"/> for all.</summary>
    public long ResultsMax { get; private init; } = long.MaxValue;

    /// <summary>The key of the index to read in the order of, or null to have it chosen.</summary>
    public string? Index { get; private init; }

    /// <summary>Reads the options: an object, the JSON text of a query, or nothing.</summary>
    /// <exception cref="QueryException">One of them cannot be meant so.</exception>
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
    /// JavaScript counts down to exactly 0: from a negative number or a fraction it never gets there.
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
