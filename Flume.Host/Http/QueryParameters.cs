using System.Globalization;
using Flume.Log;
using Flume.Ssb.Api;
using Microsoft.Extensions.Primitives;

namespace Flume.Host.Http;

/// <summary>
/// The checked parameters of a request's address. An unknown name is an error, so that a misspelled parameter is
/// reported.
/// </summary>
internal sealed class QueryParameters
{
    private readonly IQueryCollection _values;

    private QueryParameters(IQueryCollection values) => _values = values;

    /// <summary>Reads the parameters of a request that accepts exactly these names.</summary>
    /// <exception cref="ProblemException">A parameter is unknown, or occurs twice.</exception>
    public static QueryParameters Of(HttpContext context, params ReadOnlySpan<string> names)
    {
        foreach ((string name, StringValues value) in context.Request.Query)
        {
            if (!names.Contains(name))
            {
                throw new ProblemException(ProblemTypes.BadParameter, $"There is no parameter '{name}' here.")
                {
                    Expected = names.Length == 0 ? "no parameters" : $"some of {string.Join(", ", names)}",
                };
            }

            if (value.Count != 1) throw Wrong(name, value.ToString(), "given once");
        }

        return new QueryParameters(context.Request.Query);
    }

    /// <summary>The text, or null if absent.</summary>
    public string? Text(string name) => _values.TryGetValue(name, out StringValues value) ? value.ToString() : null;

    /// <summary>A whole number, or null if absent.</summary>
    public long? Number(string name)
    {
        if (Text(name) is not { } text) return null;
        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number)
            ? number
            : throw Wrong(name, text, "a whole number");
    }

    /// <summary>A fraction, or null if absent.</summary>
    public double? Fraction(string name)
    {
        if (Text(name) is not { } text) return null;
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
            ? number
            : throw Wrong(name, text, "a number such as 0.5");
    }

    /// <summary>An offset, or null if absent; a value below zero is <see cref="Log.Offset.None"/>.</summary>
    public Offset? Offset(string name) => Number(name) switch
    {
        null => null,
        > Log.Offset.Max => throw Wrong(name, Text(name)!, $"an offset, at most {Log.Offset.Max}"),
        < 0 => Log.Offset.None,
        long value => new Offset(value),
    };

    /// <summary>A time with its zone, or null if absent.</summary>
    public DateTimeOffset? Time(string name)
    {
        if (Text(name) is not { } text) return null;
        const DateTimeStyles zoned = DateTimeStyles.AssumeUniversal;
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, zoned, out DateTimeOffset time)
            ? time
            : throw Wrong(name, text, "a time such as 2026-01-31T12:00:00Z");
    }

    /// <summary>A boolean; <paramref name="otherwise"/> if absent.</summary>
    public bool Flag(string name, bool otherwise) => Text(name) switch
    {
        null => otherwise,
        "true" => true,
        "false" => false,
        string text => throw Wrong(name, text, "true or false"),
    };

    /// <summary>
    /// The durability of an append. The default is <c>fsync</c>, because a lost own message forks a feed.
    /// </summary>
    public Durability Durability() => Text("durability") switch
    {
        null or "fsync" => Flume.Log.Durability.Fsync,
        "os" => Flume.Log.Durability.Os,
        "memory" => Flume.Log.Durability.Memory,
        string text => throw Wrong("durability", text, "memory, os or fsync"),
    };

    /// <summary>The kind of an identity to make; null when none is given.</summary>
    public IdentityKind? Kind() => Text("kind") is not { } text ? null
        : IdentityKinds.TryParse(text, out IdentityKind kind) ? kind
        : throw Wrong("kind", text, string.Join(" or ", IdentityKinds.All.Select(known => known.Word)));

    /// <summary>
    /// The required freshness of a view: <c>atLeast=OFFSET</c>, <c>wait=false</c>, or by default the head at the call.
    /// </summary>
    public ReadFreshness Freshness()
    {
        bool wait = Flag("wait", true);
        Offset? atLeast = Offset("atLeast");
        if (atLeast is { IsSome: true } least)
        {
            return wait
                ? ReadFreshness.AtLeast(least)
                : throw Wrong("wait", "false", "true when atLeast is given: one waits, the other does not");
        }

        return wait && atLeast is null ? ReadFreshness.Fresh : ReadFreshness.NoWait;
    }

    private static ProblemException Wrong(string name, string text, string expected) =>
        new(ProblemTypes.BadParameter, $"The parameter '{name}' is '{text}'.") { Expected = $"{name}: {expected}" };
}
