using System.Threading.Channels;

namespace Flume.Ssb.Blobs;

/// <summary>Notifies listeners of added blobs.</summary>
internal sealed class BlobNews
{
    private readonly Lock _changing = new();
    private readonly HashSet<BlobListener> _listeners = [];

    /// <summary>Adds a listener. It receives notifications until its disposal.</summary>
    public BlobListener Listen()
    {
        BlobListener listener = new(this);
        lock (_changing) _listeners.Add(listener);
        return listener;
    }

    /// <summary>Notifies all listeners.</summary>
    public void Tell(BlobMeta added)
    {
        lock (_changing)
        {
            foreach (BlobListener listener in _listeners) listener.Tell(added);
        }
    }

    /// <summary>Removes a listener.</summary>
    public void Remove(BlobListener listener)
    {
        lock (_changing) _listeners.Remove(listener);
    }
}

/// <summary>Receives the blobs added after its creation, in order.</summary>
public sealed class BlobListener : IDisposable
{
    // The maximum number of pending blobs. A slower listener fails, so that its memory is bounded.
    private const int WaitingMax = 65_536;

    private readonly BlobNews _news;
    private readonly Channel<BlobMeta> _waiting = Channel.CreateBounded<BlobMeta>(WaitingMax);

    internal BlobListener(BlobNews news) => _news = news;

    /// <summary>Streams the added blobs until cancellation.</summary>
    /// <exception cref="InvalidOperationException">The reader was too slow and missed blobs.</exception>
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
