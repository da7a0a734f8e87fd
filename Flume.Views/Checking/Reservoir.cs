namespace Flume.Views.Checking;

/// <summary>Reservoir sampling: selects items of a stream of unknown length, each with the same probability.</summary>
internal sealed class Reservoir<T>(int size, Random random)
{
    private readonly List<T> _chosen = [];

    /// <summary>The number of items offered.</summary>
    public long Seen { get; private set; }

    /// <summary>The selected items.</summary>
    public IReadOnlyList<T> Chosen => _chosen;

    /// <summary>
    /// The largest fraction of wrong items that a sample misses completely with a probability above 1 %.
    /// </summary>
    public double Bound => _chosen.Count == Seen ? 0 : 1 - Math.Pow(0.01, 1.0 / Math.Max(1, _chosen.Count));

    /// <summary>Offers the next item of the stream.</summary>
    public void Offer(T item)
    {
        Seen++;
        if (_chosen.Count < size)
        {
            _chosen.Add(item);
            return;
        }

        long place = random.NextInt64(Seen);
        if (place < size) _chosen[(int)place] = item;
    }
}
