namespace Flume.Views.Checking;

/// <summary>Chooses some of a stream at random, each with the same chance, without knowing how many will come.</summary>
internal sealed class Reservoir<T>(int size, Random random)
{
    private readonly List<T> _chosen = [];

    /// <summary>How many came.</summary>
    public long Seen { get; private set; }

    /// <summary>Those chosen.</summary>
    public IReadOnlyList<T> Chosen => _chosen;

    /// <summary>
    /// The largest part of what came that can be wrong with a chance of more than 1 % that none of it was chosen.
    /// </summary>
    public double Bound => _chosen.Count == Seen ? 0 : 1 - Math.Pow(0.01, 1.0 / Math.Max(1, _chosen.Count));

    /// <summary>One more comes.</summary>
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
