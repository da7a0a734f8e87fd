using Flume.Log;
using Flume.Ssb.Messages;

namespace Flume.Host.Admin;

/// <summary>
/// Finds the records that are no messages: those that a view skips, by reading the log up to its since.
/// </summary>
/// <remarks>
/// A view counts what it skips and remembers no list, which could grow with the log. So a look reads the log, at most
/// <see cref="BytesMax"/> a time, and says where to go on.
/// </remarks>
internal sealed class SkippedScan(OffsetLog log, Offset since)
{
    /// <summary>Bytes of log that one look reads at most: a fraction of a second.</summary>
    public const long BytesMax = 128 << 20;

    /// <summary>
    /// The next records behind <paramref name="after"/> (exclusive), at most <paramref name="limit"/>.
    /// </summary>
    /// <exception cref="LogOffsetException">No record starts at <paramref name="after"/>.</exception>
    /// <exception cref="LogDamagedException">A record does not verify.</exception>
    public SkippedPage Read(Offset after, int limit, CancellationToken cancel)
    {
        List<SkippedRecord> found = [];
        MessageDecoder decoder = new();
        long bytes = 0;
        Offset at = after;
        LogCursor cursor = log.Read(LogRange.All with { Gt = after.IsSome ? after : null, Lte = since });
        while (found.Count < limit && bytes < BytesMax)
        {
            if (!cursor.MoveNext()) return new SkippedPage(found, null);
            cancel.ThrowIfCancellationRequested();
            LogRecord record = cursor.Current;
            (at, bytes) = (record.Offset, bytes + record.Payload.Length);
            DecodedMessage message = decoder.Decode(record.Offset, record.Payload.Span);
            if (WhyOf(message.Fault) is { } why) found.Add(new SkippedRecord(record.Offset, why, record.Payload));
        }

        return new SkippedPage(found, at < since ? at : null);
    }

    private static string? WhyOf(MessageFault fault) => fault switch
    {
        MessageFault.NotJson => "Its bytes are not JSON.",
        MessageFault.NotObject => "Its JSON is no object.",
        MessageFault.NoKey => "It has no string 'key'.",
        MessageFault.NoValue => "It has no object 'value'.",
        _ => null,
    };
}

/// <summary>A record that is no message.</summary>
/// <param name="Offset">Where it starts.</param>
/// <param name="Why">What is missing, in a sentence.</param>
/// <param name="Payload">What it holds.</param>
internal sealed record SkippedRecord(Offset Offset, string Why, ReadOnlyMemory<byte> Payload);

/// <summary>Some of the records that a view skipped.</summary>
/// <param name="Records">In the order of the log.</param>
/// <param name="Next">Where to go on (exclusive); null when this was all.</param>
internal sealed record SkippedPage(IReadOnlyList<SkippedRecord> Records, Offset? Next)
{
    /// <summary>Nothing was skipped.</summary>
    public static readonly SkippedPage Empty = new([], null);
}
