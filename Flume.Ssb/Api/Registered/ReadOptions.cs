using Flume.Log;
using Flume.Query.Json;

namespace Flume.Ssb.Api.Registered;

/// <summary>The options of views.read.</summary>
internal sealed record ReadOptions
{
    private static readonly string[] Names =
        ["gt", "gte", "lt", "lte", "reverse", "limit", "live", "old", "sync", "seqs", "wait", "rows"];

    /// <summary>The unparsed options, for the bounds.</summary>
    internal required JsValue Given { get; init; }

    /// <summary>Reads in descending order.</summary>
    internal bool Reverse { get; init; }

    /// <summary>The maximum number of results, old and live together. The maximum value means no limit.</summary>
    internal long Limit { get; init; }

    /// <summary>Includes stored rows.</summary>
    internal bool Old { get; init; }

    /// <summary>Continues with live changes.</summary>
    internal bool Live { get; init; }

    /// <summary>Inserts <c>{sync:true}</c> between old and live results.</summary>
    internal bool Sync { get; init; }

    /// <summary>Returns <c>{seq, value}</c> instead of values.</summary>
    internal bool Seqs { get; init; }

    /// <summary>Returns a client view's rows instead of its state.</summary>
    internal bool Rows { get; init; }

    /// <summary>True if the options have a bound.</summary>
    internal bool HasBounds => Names.Take(4).Any(name => !Given[name].IsUndefined);

    /// <summary>Parses the options.</summary>
    /// <exception cref="ApiException">A member is unknown or has the wrong type.</exception>
    internal static ReadOptions Parse(JsValue given)
    {
        if (!given.IsNullish && !given.IsObject)
            throw ApiException.Parameter($"views.read can't take {given.ToJson()}: expected an object of options.");
        foreach ((string name, _) in given.IsObject ? given.AsObject : new JsObject())
        {
            if (!Names.Contains(name))
                throw ApiException.Parameter(
                    $"views.read has no option '{name}': expected some of {string.Join(", ", Names)}.");
        }
        JsValue limit = given["limit"];
        return new ReadOptions
        {
            Given = given,
            Reverse = given["reverse"].IsTruthy,
            Limit = limit.IsNumber && limit.AsNumber is >= 0 and < long.MaxValue ? (long)limit.AsNumber : long.MaxValue,
            Live = given["live"].IsTruthy || IsFalse(given["old"]),
            Old = !IsFalse(given["old"]),
            Sync = given["sync"].IsTruthy,
            Seqs = given["seqs"].IsTruthy,
            Rows = given["rows"].IsTruthy,
        };
    }

    /// <summary>The call with the freshness that the options require.</summary>
    internal static ApiCall Freshness(ApiCall call, JsValue given) =>
        IsFalse(given["wait"]) ? call with { Freshness = ReadFreshness.NoWait } : call;

    /// <summary>The lowest and highest offset, both inclusive.</summary>
    internal (Offset Low, Offset High) Offsets() => (
        new(Math.Max(0, Math.Max(At("gte", 0), At("gt", -1) + 1))),
        new(Math.Min(At("lte", Offset.Max), At("lt", Offset.Max + 1) - 1)));

    private long At(string bound, long otherwise) => Given[bound] switch
    {
        { IsUndefined: true } => otherwise,
        { IsNumber: true } number when double.IsInteger(number.AsNumber) =>
            (long)Math.Clamp(number.AsNumber, -1, Offset.Max),
        JsValue other =>
            throw ApiException.Parameter($"The bound '{bound}' can't be {other.ToJson()}: expected an offset."),
    };

    private static bool IsFalse(JsValue value) => value is { IsBoolean: true, AsBoolean: false };
}
