namespace Flume.Actors;

/// <summary>Lets in as many appends as the buffer can hold, on the callers' threads: a mailbox has no limit of its own.</summary>
/// <remarks>What is let in is counted until its answer has come, so mailbox and buffer together obey the limits.</remarks>
internal sealed class AppendAdmission(AppendLimits limits)
{
    private readonly Lock _counting = new();
    private int _inside;
    private long _insideBytes;

    /// <summary>False when the buffer is full. What enters must <see cref="Leave"/>, whatever its answer was.</summary>
    /// <remarks>An append that is too large for the buffer as a whole enters an empty one: the buffer says what is wrong.</remarks>
    public bool TryEnter(int payloads, long bytes)
    {
        lock (_counting)
        {
            bool fits = _inside + payloads <= limits.WaitingMax && _insideBytes + bytes <= limits.WaitingBytesMax;
            bool alone = _inside == 0 && _insideBytes == 0;
            if (!fits && !alone) return false;
            _inside += payloads;
            _insideBytes += bytes;
            return true;
        }
    }

    /// <summary>The answer came, or will not come.</summary>
    public void Leave(int payloads, long bytes)
    {
        lock (_counting)
        {
            _inside -= payloads;
            _insideBytes -= bytes;
        }
    }

    /// <summary>Why <see cref="TryEnter"/> said no, with the values of now.</summary>
    public string Refusal()
    {
        lock (_counting)
        {
            return $"The append buffer is full: {_inside} of {limits.WaitingMax} payloads and {_insideBytes} of " +
                $"{limits.WaitingBytesMax} bytes wait for the disk. Nothing of this append was written; try again.";
        }
    }
}
