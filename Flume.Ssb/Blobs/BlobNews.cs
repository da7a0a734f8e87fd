using System.Threading.Channels;

namespace Flume.Ssb.Blobs;

/// <summary>Tells listeners of blobs that were added.</summary>
internal sealed class BlobNews
{
    private readonly Lock _changing = new();
    private readonly HashSet<BlobListener> _listeners = [];

    /// <summary>Adds a listener; it is told until it is disposed.</summary>
    public BlobListener Listen()
    {
        BlobListener listener = new(this);
        lock (_changing) _listeners.Add(listener);
        return listener;
    }

    /// <summary>Tells all.</summary>
    public void Tell(BlobMeta added)
    {
        lock (_changing)
        {
            foreach (BlobListener listener in _listeners) listener.Tell(added);
        }
    }

    /// <summary>Tells one no more.</summary>
    public void Remove(BlobListener listener)
    {
        lock (_changing) _listeners.Remove(listener);
    }
}

/// <summary>Hears of each blob that was added since it began to listen, in order.</summary>
public sealed class BlobListener : IDisposable
{
    // What a listener may lag behind: beyond that it is told that it missed something, and holds no more memory.
    private const int WaitingMax = 65_536;

    private readonly BlobNews _news;
    private readonly Channel<BlobMeta> _waiting = Channel.CreateBounded<BlobMeta>(WaitingMax);

    internal BlobListener(BlobNews news) => _news = news;

    /// <summary>The blobs added; ends only by cancellation.</summary>
    /// <exception cref="InvalidOperationException">The reader was too slow and missed some.</exception>
    public IAsyncEnumerable<BlobMeta> ReadAllAsync(CancellationToken cancel) => _waiting.Reader.ReadAllAsync(cancel);

    /// <inheritdoc/>
    public void Dispose() => _news.Remove(this);

    internal void Tell(BlobMeta added)
    {
        if (_waiting.Writer.TryWrite(added)) return;
        _waiting.Writer.TryComplete(new InvalidOperationException(
            $"More than {WaitingMax} blobs were added and not read. List all blobs, then listen again."));
    }
}
