namespace Flume.Log;

/// <summary>Makes the bytes of an earlier process durable.</summary>
internal static class FoundBytes
{
    private const long RewrittenMax = 256 << 20;

    /// <summary>Syncs the records found at opening and updates the sync mark. Returns the error, or null.</summary>
    /// <remarks>
    /// The bytes may exist only in the system's page cache. After a failed sync of the earlier process, the system
    /// may consider them clean. So the bytes after its sync mark are written again.
    /// </remarks>
    public static Exception? TryMakeDurable(ILogFile file, SyncTracker synced, OpenedLog opened)
    {
        long end = opened.Head.End;
        SyncState? known = opened.Mark.Loaded;
        if (known is { } state && state.Synced == end && state.Written == end)
        {
            synced.Trust(file, end);
            return null;
        }

        try
        {
            if (known is { } older && older.Synced < end && end - older.Synced <= RewrittenMax)
                Rewriting.Again(file, older.Synced, end);
            if (end > 0)
                file.Sync();
            synced.Synced(file, end);
            synced.Keep();
            return null;
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            synced.Trust(file, Math.Min(known?.Synced ?? 0, end));
            return cause;
        }
    }
}

/// <summary>Writes existing bytes again, or zeros.</summary>
internal static class Rewriting
{
    private const int BufferBytes = 1 << 20;

    /// <summary>
    /// Writes the bytes of a range again. After a failed sync the system may consider dirty pages clean. Only bytes
    /// that are written again are sure to reach the device.
    /// </summary>
    /// <exception cref="IOException">The file is shorter, or the write fails.</exception>
    public static void Again(ILogFile file, long from, long to)
    {
        byte[] buffer = new byte[(int)Math.Clamp(to - from, 0, BufferBytes)];
        for (long at = from; at < to; at += buffer.Length)
        {
            Span<byte> part = buffer.AsSpan(0, (int)Math.Min(buffer.Length, to - at));
            if (file.ReadFully(part, at) < part.Length)
                throw new IOException($"The file is shorter than the {to} bytes of its readable records.");
            file.Write(part, at);
        }
    }

    /// <summary>Zeroes a range.</summary>
    /// <exception cref="IOException">The write fails.</exception>
    public static void Zero(ILogFile file, long position, int bytes)
    {
        byte[] zeros = new byte[Math.Min(bytes, BufferBytes)];
        for (int done = 0; done < bytes; done += zeros.Length)
            file.Write(zeros.AsSpan(0, Math.Min(zeros.Length, bytes - done)), position + done);
    }
}

/// <summary>Schedules retries of a failed operation: after 1, 2, 4, … up to 60 seconds.</summary>
internal sealed class RetryTimes(TimeProvider time)
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(1), Longest = TimeSpan.FromSeconds(60);

    private TimeSpan _wait = First;
    private long _last = time.GetTimestamp();

    /// <summary>True once for each due retry.</summary>
    public bool IsDue
    {
        get
        {
            if (time.GetElapsedTime(_last) < _wait)
                return false;
            (_last, _wait) = (time.GetTimestamp(), _wait < Longest / 2 ? 2 * _wait : Longest);
            return true;
        }
    }
}
