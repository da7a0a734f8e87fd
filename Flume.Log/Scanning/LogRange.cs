namespace Flume.Log;

/// <summary>The records to read and their direction: the options of a flume stream.</summary>
/// <remarks>
/// Source: pull-cursor 3.0.0; docs/spec 1.1, table "stream(opts)". FORMAT.md, "Ranges", lists the differences from
/// JavaScript.
/// </remarks>
public sealed record LogRange
{
    /// <summary>All records, forwards.</summary>
    public static readonly LogRange All = new();

    /// <summary>
    /// Only offsets greater than this. Overrides <see cref="Gte"/>. A negative value means from the first record.
    /// </summary>
    public Offset? Gt { get; init; }

    /// <summary>Only offsets greater than or equal to this. A negative value means from the first record.</summary>
    public Offset? Gte { get; init; }

    /// <summary>
    /// Only offsets less than this. Overrides <see cref="Lte"/>. It can be any position, not only the start of a
    /// record.
    /// </summary>
    public Offset? Lt { get; init; }

    /// <summary>
    /// Only offsets less than or equal to this. It can be any position, not only the start of a record.
    /// </summary>
    public Offset? Lte { get; init; }

    /// <summary>
    /// Reads from the upper bound, or the head, towards the first record. A reverse read is never live.
    /// </summary>
    public bool Reverse { get; init; }

    /// <summary>The maximum number of records, without deleted ones. Zero or less means no limit.</summary>
    public long Limit { get; init; } = -1;

    /// <summary>Continues with appended records after the head.</summary>
    public bool Live { get; init; }

    /// <summary>False reads only records appended after the call and implies <see cref="Live"/>.</summary>
    public bool Old { get; init; } = true;

    /// <summary>Includes deleted records with their zeros, as JavaScript does for <c>values:false</c>.</summary>
    public bool IncludeDeleted { get; init; }
}
