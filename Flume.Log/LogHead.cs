namespace Flume.Log;

/// <summary>
/// The end of the readable part of the log: the last record and the byte after it, as one consistent pair.
/// </summary>
internal sealed record HeadMark(Offset Last, long End)
{
    public static readonly HeadMark Empty = new(Offset.None, 0);
}

/// <summary>The published head, and the waiters for its next change.</summary>
/// <remarks>
/// 1. One writer at a time publishes a mark, after its bytes are readable. The mark only grows.
/// 2. Reading the mark takes no lock.
/// 3. All waiters share one task per mark: a thousand waiters cost the writer one completion.
/// </remarks>
internal sealed class LogHead(HeadMark start)
{
    private readonly Lock _waiting = new();
    private volatile HeadMark _mark = start;
    private TaskCompletionSource? _moved;
    private bool _closed;

    public HeadMark Mark => _mark;

    /// <summary>The mark, if its head is the expected one; null expects any.</summary>
    /// <exception cref="LogHeadMovedException">It is another.</exception>
    public HeadMark MarkOf(Offset? expected, string path)
    {
        HeadMark mark = _mark;
        if (expected is { } head && head != mark.Last)
            throw new LogHeadMovedException(head, mark.Last, path);
        return mark;
    }

    public void Publish(HeadMark next)
    {
        TaskCompletionSource? woken;
        lock (_waiting)
        {
            _mark = next;
            woken = _moved;
            _moved = null;
        }

        woken?.SetResult();
    }

    /// <summary>Completes when the head is greater than <paramref name="beyond"/>.</summary>
    /// <exception cref="ObjectDisposedException">The log was closed while waiting.</exception>
    public async ValueTask<Offset> WaitAsync(Offset beyond, CancellationToken cancellation)
    {
        while (true)
        {
            Task change;
            lock (_waiting)
            {
                ObjectDisposedException.ThrowIf(_closed, typeof(OffsetLog));
                if (_mark.Last > beyond)
                    return _mark.Last;
                _moved ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                change = _moved.Task;
            }

            await change.WaitAsync(cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Completes all waiters with an error.</summary>
    public void Close()
    {
        lock (_waiting)
        {
            _closed = true;
            _moved?.SetResult();
            _moved = null;
        }
    }
}
