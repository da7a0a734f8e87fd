namespace Flume.Log;

/// <summary>Which records to read, in which direction: the options of a flume stream.</summary>
/// <remarks>
/// Source: pull-cursor 3.0.0; docs/spec 1.1, table "stream(opts)". Where JavaScript has traps the answer is the
/// sane one: see FORMAT.md, "Ranges".
/// </remarks>
public sealed record LogRange
{
    /// <summary>Every record there is, forwards.</summary>
    public static readonly LogRange All = new();

    /// <summary>
    /// Only offsets greater than this. Wins over <see cref="Gte"/>. Below zero means from the first record.
    /// </summary>
    public Offset? Gt { get; init; }

    /// <summary>Only offsets greater than or equal to this. Below zero means from the first record.</summary>
    public Offset? Gte { get; init; }

    /// <summary>Only offsets less than this. Wins over <see cref="Lte"/>. Need not be the start of a record.</summary>
    public Offset? Lt { get; init; }

    /// <summary>Only offsets less than or equal to this. Need not be the start of a record.</summary>
    public Offset? Lte { get; init; }

    /// <summary>From the upper bound, or the head, towards the first record. Such a read is never live.</summary>
    public bool Reverse { get; init; }

    /// <summary>How many records at most, counted after deleted ones were left out. Zero or less means all.</summary>
    public long Limit { get; init; } = -1;

    /// <summary>After the head go on with what is appended later.</summary>
    public bool Live { get; init; }

    /// <summary>False: only what is appended after the call, which implies <see cref="Live"/>.</summary>
    public bool Old { get; init; } = true;

    /// <summary>Also give deleted records, with their zeros: what JavaScript does for <c>values:false</c>.</summary>
    public bool IncludeDeleted { get; init; }
}
