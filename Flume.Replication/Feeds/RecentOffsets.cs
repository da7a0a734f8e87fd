using Flume.Log;

namespace Flume.Replication.Feeds;

/// <summary>
/// The offsets of the newest messages, so that live messages are sent before a view has indexed them.
/// </summary>
internal sealed class RecentOffsets
{
    private const int CountMax = 8192;

    private readonly Lock _gate = new();
    private readonly Dictionary<(string Feed, long Sequence), Offset> _offsets = [];
    private readonly Queue<(string Feed, long Sequence)> _order = new();

    /// <summary>Adds one message. Above the limit, the oldest one is removed.</summary>
    public void Add(string feed, long sequence, Offset offset)
    {
        lock (_gate)
        {
            if (!_offsets.TryAdd((feed, sequence), offset)) return;
            _order.Enqueue((feed, sequence));
            if (_order.Count > CountMax) _offsets.Remove(_order.Dequeue());
        }
    }

    /// <summary>The offsets of a feed's messages between two sequences. False unless all are known.</summary>
    public bool TryGet(string feed, long first, long last, out Offset[] found)
    {
        found = new Offset[last - first + 1];
        lock (_gate)
        {
            for (long sequence = first; sequence <= last; sequence++)
            {
                if (!_offsets.TryGetValue((feed, sequence), out found[sequence - first])) return false;
            }
        }

        return true;
    }
}
