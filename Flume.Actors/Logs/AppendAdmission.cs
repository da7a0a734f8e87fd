namespace Flume.Actors;

/// <summary>Admits appends on the callers' threads while the queue has room: a mailbox has no limit.</summary>
/// <remarks>
/// An admitted append counts until its answer, so mailbox and <see cref="CommitQueue{TCaller}"/> together obey the
/// limits.
/// </remarks>
internal sealed class AppendAdmission(AppendLimits limits)
{
    private readonly Lock _lock = new();
    private int _admitted;
    private long _admittedBytes;

    /// <summary>
    /// False when the queue is full. An admitted append must call <see cref="Leave"/> after any answer.
    /// </summary>
    /// <remarks>An append larger than the whole queue is admitted alone; the queue then rejects it.</remarks>
    public bool TryEnter(int payloads, long bytes)
    {
        lock (_lock)
        {
            bool fits = _admitted + payloads <= limits.WaitingMax && _admittedBytes + bytes <= limits.WaitingBytesMax;
            bool alone = _admitted == 0 && _admittedBytes == 0;
            if (!fits && !alone) return false;
            _admitted += payloads;
            _admittedBytes += bytes;
            return true;
        }
    }

    /// <summary>Releases the reservation when the append completed or was abandoned.</summary>
    public void Leave(int payloads, long bytes)
    {
        lock (_lock)
        {
            _admitted -= payloads;
            _admittedBytes -= bytes;
        }
    }

    /// <summary>The text for an append that <see cref="TryEnter"/> refused, with the current values.</summary>
    public string Refusal()
    {
        lock (_lock)
        {
            return $"The append buffer is full: {_admitted} of {limits.WaitingMax} payloads and {_admittedBytes} of " +
                $"{limits.WaitingBytesMax} bytes wait for the disk. Nothing of this append was written; try again.";
        }
    }
}
