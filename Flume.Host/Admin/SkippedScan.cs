using Flume.Log;
using Flume.Views.Records;

namespace Flume.Host.Admin;

/// <summary>
/// Finds the broken records, which every view skips, by reading the log up to the since of a view.
/// </summary>
/// <remarks>
/// A view counts the records that it skips and stores no list, because a list could grow with the log. A scan reads at
/// most <see cref="BytesMax"/> of the log and returns the offset to continue from.
/// </remarks>
internal sealed class SkippedScan(OffsetLog log, Offset since)
{
    /// <summary>Bytes of log that one request reads at most: a fraction of a second.</summary>
    public const long BytesMax = 128 << 20;

    /// <summary>The next records after <paramref name="after"/> (exclusive), at most <paramref name="limit"/>.
    /// The next records behind <paramref name="after"/> (exclusive), at most <paramref name="limit"/>.
    /// </summary>
    /// <exception cref="LogOffsetException">No record starts at <paramref name="after"/>.</exception>
    /// <exception cref="LogDamagedException">A record does not verify.</exception>
    public SkippedPage Read(Offset after, int limit, CancellationToken cancel)
    {
        List<SkippedRecord> found = [];
        RecordDecoder decoder = RecordFormat.Json.NewDecoder();
        long bytes = 0;
        Offset at = after;
        LogCursor cursor = log.Read(LogRange.All with { Gt = after.IsSome ? after : null, Lte = since });
        while (found.Count < limit && bytes < BytesMax)
        {
            if (!cursor.MoveNext()) return new SkippedPage(found, null);
            cancel.ThrowIfCancellationRequested();
            LogRecord record = cursor.Current;
            (at, bytes) = (record.Offset, bytes + record.Payload.Length);
            DecodedRecord decoded = decoder.Decode(record.Offset, record.Payload.Span);
            if (decoded.IsJson || decoded.IsDeleted) continue;
            found.Add(new SkippedRecord(record.Offset, "Its bytes are not JSON.", record.Payload));
        }

        return new SkippedPage(found, at < since ? at : null);
    }
}

/// <summary>A broken record.</summary>
/// <param name="Offset">The offset where it starts.</param>
/// <param name="Why">The reason, in a sentence.</param>
/// <param name="Payload">Its bytes.</param>
internal sealed record SkippedRecord(Offset Offset, string Why, ReadOnlyMemory<byte> Payload);

/// <summary>Some of the records that a view skipped.</summary>
/// <param name="Records">In the order of the log.</param>
/// <param name="Next">The offset to continue from (exclusive); null at the end.</param>
internal sealed record SkippedPage(IReadOnlyList<SkippedRecord> Records, Offset? Next)
{
    /// <summary>No records were skipped.</summary>
    public static readonly SkippedPage Empty = new([], null);
}
