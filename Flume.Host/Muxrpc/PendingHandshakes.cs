using Microsoft.AspNetCore.Connections;

namespace Flume.Host.Muxrpc;

/// <summary>The connections whose handshake has not ended, within a limit.</summary>
/// <remarks>
/// Beyond the limit the oldest one is closed. A handshake takes milliseconds, so peers that connect and send nothing
/// do not exclude others.
/// </remarks>
internal sealed class PendingHandshakes(int max)
{
    private readonly LinkedList<ConnectionContext> _pending = [];

    /// <summary>Notes the beginning of a handshake; the result notes its end.</summary>
    public IDisposable Begin(ConnectionContext connection)
    {
        LinkedListNode<ConnectionContext>? oldest = null;
        LinkedListNode<ConnectionContext> added;
        lock (_pending)
        {
            added = _pending.AddLast(connection);
            if (_pending.Count > max)
            {
                oldest = _pending.First!;
                _pending.RemoveFirst();
            }
        }

        oldest?.Value.Abort();
        return new Entry(this, added);
    }

    private sealed class Entry(PendingHandshakes all, LinkedListNode<ConnectionContext> node) : IDisposable
    {
        public void Dispose()
        {
            lock (all._pending)
            {
                if (node.List is not null) all._pending.Remove(node);
            }
        }
    }
}
