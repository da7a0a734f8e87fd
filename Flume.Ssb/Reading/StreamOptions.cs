using Flume.Query.Json;

namespace Flume.Ssb.Reading;

/// <summary>The common options of ssb-db's ordered streams (docs/spec 3.1, 3.2).</summary>
internal sealed record StreamOptions
{
    /// <summary>The bounds in the stream's order.</summary>
    internal Bounds Bounds { get; init; } = Bounds.All;

    /// <summary>Reads from the upper bound down.</summary>
    internal bool Reverse { get; init; }

    /// <summary>Continues with live messages.</summary>
    internal bool Live { get; init; }

    /// <summary>Includes stored messages.</summary>
    internal bool Old { get; init; } = true;

    /// <summary>
    /// The maximum number of stored items; negative for no limit. It does not end the live part, as in pull-live.
    /// </summary>
    internal long Limit { get; init; } = -1;

    /// <summary>Includes keys.</summary>
    internal bool Keys { get; init; } = true;

    /// <summary>Includes values.</summary>
    internal bool Values { get; init; } = true;

    /// <summary>Inserts <c>{sync:true}</c> between stored and live items.</summary>
    internal bool Sync { get; init; } = true;

    /// <summary>Includes decrypted content.</summary>
    internal bool Private { get; init; }

    /// <summary>Parses the options as pull-level and ssb-db do, including the bounds.</summary>
    internal static StreamOptions Parse(JsValue options) => Parse(options, Bounds.Parse(options));

    /// <summary>Parses the options, with given bounds.</summary>
    internal static StreamOptions Parse(JsValue options, Bounds bounds)
    {
        bool onlyNew = options["old"] is { IsBoolean: true, AsBoolean: false };
        bool live = options["live"] is { IsBoolean: true, AsBoolean: true } || onlyNew;
        return new StreamOptions
        {
            Bounds = bounds,
            Reverse = options["reverse"].IsTruthy,
            Live = live,
            Old = !onlyNew,
            Limit = ParseLimit(options["limit"]),
            Keys = !IsFalse(options["keys"]),
            Values = !IsFalse(options["values"]),
            Sync = !IsFalse(options["sync"]),
            Private = options["private"] is { IsBoolean: true, AsBoolean: true },
        };
    }

    private static bool IsFalse(JsValue value) => value is { IsBoolean: true, AsBoolean: false };

    /// <summary>leveldown converts a limit to a 32-bit integer and loses the other bits.</summary>
    private static long ParseLimit(JsValue limit)
    {
        if (!limit.IsNumber || !double.IsFinite(limit.AsNumber)) return -1;
        return (int)(long)Math.IEEERemainder(Math.Truncate(limit.AsNumber), 1L << 32);
    }
}
