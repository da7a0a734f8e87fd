using Flume.Log;

namespace Flume.Replication.Feeds;

/// <summary>Where the newest messages are in the log, so that live ones are sent before a view has indexed them.</summary>
internal sealed class RecentOffsets
{
    private const int CountMax = 8192;

    private readonly Lock gate = new();
    private readonly Dictionary<(string Feed, long Sequence), Offset> offsets = [];
    private readonly Queue<(string Feed, long Sequence)> order = new();

    /// <summary>Remembers one message; the oldest one is forgotten when there are too many.</summary>
    public void Add(string feed, long sequence, Offset offset)
    {
        lock (gate)
        {
            if (!offsets.TryAdd((feed, sequence), offset)) return;
            order.Enqueue((feed, sequence));
            if (order.Count > CountMax) offsets.Remove(order.Dequeue());
        }
    }

    /// <summary>The offsets of a feed's messages from one sequence to another; false unless all are known.</summary>
    public bool TryGet(string feed, long first, long last, out Offset[] found)
    {
        found = new Offset[last - first + 1];
        lock (gate)
        {
            for (long sequence = first; sequence <= last; sequence++)
            {
                if (!offsets.TryGetValue((feed, sequence), out found[sequence - first])) return false;
            }
        }

        return true;
    }
}
