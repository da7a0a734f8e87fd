using Flume.Log;
using Flume.Ssb.Api;
using static Flume.Actors.Protocol.LogProtocol;

namespace Flume.Actors;

/// <summary>Queues appends and forms the groups that are written, synced and acknowledged together.</summary>
/// <remarks>
/// 1. <see cref="Waiting"/> and <see cref="WaitingBytes"/> never exceed the limits (I8).
/// 2. Appends leave in the order of their arrival. An append with an expected head leaves before all others.
/// 3. A group contains each of its appends completely. It exceeds the group limits only when it is one append.
/// 4. The durability of a group is the strongest that one of its appends requests.
/// </remarks>
internal sealed class CommitQueue<TCaller>(AppendLimits limits)
{
    private readonly Queue<PendingAppend> _pending = new();
    private PendingAppend? _first;

    /// <summary>Queued payloads.</summary>
    public int Waiting { get; private set; }

    /// <summary>Bytes of the queued payloads.</summary>
    public long WaitingBytes { get; private set; }

    /// <summary>True when appends are queued; an append without payloads counts.</summary>
    public bool HasWaiting => _first is not null || _pending.Count > 0;

    /// <summary>True when an append with an expected head is queued: the next write moves the head.</summary>
    public bool HasFirst => _first is not null;

    /// <summary>True when the next group is full, so a delay would add nothing to it.</summary>
    public bool IsGroupFull => Waiting >= limits.GroupMax || WaitingBytes >= limits.GroupBytesMax;

    /// <summary>Queues an append. A rejection, null when there is none, leaves the queue unchanged.</summary>
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
        PendingAppend pending = new(caller, append, bytes);
        if (append.Terms.ExpectedHead is null) _pending.Enqueue(pending);
        else _first = pending;
        Waiting += append.Payloads.Count;
        WaitingBytes += bytes;
        return null;
    }

    /// <summary>Removes and returns the next group; null when the queue is empty.</summary>
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
            if (_first is null) _pending.Dequeue();
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

    private PendingAppend? Next() => _pending.TryPeek(out PendingAppend next) ? next : null;

    private AppendRejected TooLarge(int index, int length) =>
        new(AppendRejection.TooLarge,
            $"Payload {index} was not appended: it has {length} bytes, and flume.log.record-bytes-max allows " +
            $"{limits.RecordBytesMax}. No payload of this append was written.");

    private static AppendRejected Empty(int index) =>
        new(AppendRejection.Malformed,
            $"Payload {index} was not appended: it has no bytes, and an empty record blocks JavaScript flume " +
            "permanently. No payload of this append was written.");

    private AppendRejected TooMuch(int count, long bytes) =>
        new(AppendRejection.TooLarge,
            $"An append of {count} payloads and {bytes} bytes can never fit the buffer: flume.append.waiting-max is " +
            $"{limits.WaitingMax} and flume.append.waiting-bytes-max is {limits.WaitingBytesMax}. Append it in parts.");

    private AppendRejected Busy() =>
        new(AppendRejection.Busy,
            $"The append buffer is full: {Waiting} of {limits.WaitingMax} payloads and {WaitingBytes} of " +
            $"{limits.WaitingBytesMax} bytes wait for the disk. Nothing of this append was written; try again.");

    private readonly record struct PendingAppend(TCaller Caller, Append Append, long Bytes);
}
