using Flume.Query.Json;

namespace Flume.Ssb.Reading;

/// <summary>What every ordered stream of ssb-db takes (docs/spec 3.1, 3.2).</summary>
internal sealed record StreamOptions
{
    /// <summary>The bounds over the stream's order.</summary>
    internal Bounds Bounds { get; init; } = Bounds.All;

    /// <summary>From the upper bound down.</summary>
    internal bool Reverse { get; init; }

    /// <summary>Go on with what is appended later.</summary>
    internal bool Live { get; init; }

    /// <summary>Give what is stored already.</summary>
    internal bool Old { get; init; } = true;

    /// <summary>Most stored items to give; negative is all. It does not end the live part, as in pull-live.</summary>
    internal long Limit { get; init; } = -1;

    /// <summary>Keys wanted.</summary>
    internal bool Keys { get; init; } = true;

    /// <summary>Values wanted.</summary>
    internal bool Values { get; init; } = true;

    /// <summary>Put <c>{sync:true}</c> between the stored and the live part.</summary>
    internal bool Sync { get; init; } = true;

    /// <summary>Decrypted content wanted.</summary>
    internal bool Private { get; init; }

    /// <summary>The options in an argument, as pull-level and ssb-db read them, with their own bounds.</summary>
    internal static StreamOptions Parse(JsValue options) => Parse(options, Bounds.Parse(options));

    /// <summary>The options in an argument, but for their bounds.</summary>
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

    /// <summary>leveldown takes a limit for an integer of 32 bits, whatever is lost.</summary>
    private static long ParseLimit(JsValue limit)
    {
        if (!limit.IsNumber || !double.IsFinite(limit.AsNumber)) return -1;
        return (int)(long)Math.IEEERemainder(Math.Truncate(limit.AsNumber), 1L << 32);
    }
}
