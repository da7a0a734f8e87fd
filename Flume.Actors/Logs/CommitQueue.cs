using Flume.Log;
using Flume.Ssb.Api;
using static Flume.Actors.Protocol.LogProtocol;

namespace Flume.Actors;

/// <summary>Collects appends into groups that are written, synced and acknowledged together.</summary>
/// <remarks>
/// 1. <see cref="Waiting"/> and <see cref="WaitingBytes"/> never exceed the limits (I8).
/// 2. Appends leave in the order they came, each wholly in one group; one with an expected head leaves before all others.
/// 3. A group exceeds the group's limits only when it is one append.
/// 4. A group is as durable as the strongest that one of its appends asked for.
/// </remarks>
internal sealed class CommitQueue<TCaller>(AppendLimits limits)
{
    private readonly Queue<Taken> _taken = new();
    private Taken? _first;

    /// <summary>Payloads that wait.</summary>
    public int Waiting { get; private set; }

    /// <summary>Bytes of those.</summary>
    public long WaitingBytes { get; private set; }

    /// <summary>True when appends wait, be it for an empty one's answer.</summary>
    public bool HasWaiting => _first is not null || _taken.Count > 0;

    /// <summary>True when an append with an expected head waits: the next write moves the head.</summary>
    public bool HasFirst => _first is not null;

    /// <summary>True when the next group has no room for more: writing now is better than waiting for company.</summary>
    public bool IsGroupFull => Waiting >= limits.GroupMax || WaitingBytes >= limits.GroupBytesMax;

    /// <summary>Takes an append, or says why not; a refused append changed nothing.</summary>
    public AppendRejected? Add(TCaller caller, Append append)
    {
        long bytes = 0;
        for (int i = 0; i < append.Payloads.Count; i++)
        {
            int length = append.Payloads[i].Length;
            if (length == 0) return Empty(i);
            if (length > limits.RecordBytesMax) return TooLarge(i, length);
            bytes += length;
        }

        if (bytes > limits.WaitingBytesMax || append.Payloads.Count > limits.WaitingMax)
            return TooMuch(append.Payloads.Count, bytes);
        if (Waiting + append.Payloads.Count > limits.WaitingMax || WaitingBytes + bytes > limits.WaitingBytesMax)
            return Busy();
        Taken taken = new(caller, append, bytes);
        if (append.Terms.ExpectedHead is null) _taken.Enqueue(taken);
        else _first = taken;
        Waiting += append.Payloads.Count;
        WaitingBytes += bytes;
        return null;
    }

    /// <summary>The next group; null when nothing waits.</summary>
    public CommitBatch<TCaller>? Take()
    {
        if (!HasWaiting) return null;
        var payloads = new List<ReadOnlyMemory<byte>>();
        var callers = new List<(TCaller, int)>();
        var durability = Durability.Memory;
        long bytes = 0;
        while ((_first ?? Next()) is { } next)
        {
            int count = next.Append.Payloads.Count;
            bool fits = payloads.Count + count <= limits.GroupMax && bytes + next.Bytes <= limits.GroupBytesMax;
            if (callers.Count > 0 && !fits) break;
            if (_first is null) _taken.Dequeue();
            _first = null;
            payloads.AddRange(next.Append.Payloads);
            callers.Add((next.Caller, count));
            bytes += next.Bytes;
            if (next.Append.Durability > durability) durability = next.Append.Durability;
        }

        Waiting -= payloads.Count;
        WaitingBytes -= bytes;
        return new(payloads, durability, callers);
    }

    private Taken? Next() => _taken.TryPeek(out Taken next) ? next : null;

    private AppendRejected TooLarge(int index, int length) =>
        new(AppendRejection.TooLarge,
            $"Payload {index} was not appended: it has {length} bytes, and flume.log.record-bytes-max allows " +
            $"{limits.RecordBytesMax}. No payload of this append was written.");

    private static AppendRejected Empty(int index) =>
        new(AppendRejection.Malformed,
            $"Payload {index} was not appended: it has no bytes, and an empty record stops JavaScript flume for ever. " +
            "No payload of this append was written.");

    private AppendRejected TooMuch(int count, long bytes) =>
        new(AppendRejection.TooLarge,
            $"An append of {count} payloads and {bytes} bytes can never fit the buffer: flume.append.waiting-max is " +
            $"{limits.WaitingMax} and flume.append.waiting-bytes-max is {limits.WaitingBytesMax}. Append it in parts.");

    private AppendRejected Busy() =>
        new(AppendRejection.Busy,
            $"The append buffer is full: {Waiting} of {limits.WaitingMax} payloads and {WaitingBytes} of " +
            $"{limits.WaitingBytesMax} bytes wait for the disk. Nothing of this append was written; try again.");

    private readonly record struct Taken(TCaller Caller, Append Append, long Bytes);
}
