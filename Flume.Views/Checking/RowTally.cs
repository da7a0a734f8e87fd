using Flume.Views.Store;

namespace Flume.Views.Checking;

/// <summary>
/// Sums postings per index and section of the log. Equal sets of postings have equal sums, in any order of additions.
/// </summary>
/// <remarks>
/// A sum consists of a count and 128 bits of mixed fields. Two different sets have equal sums with negligible
/// probability. Not thread-safe: each thread has its own tally, and <see cref="Add(RowTally)"/> combines them.
/// </remarks>
internal sealed class RowTally(Stretches stretches)
{
    private readonly Sum[]?[] _sums = new Sum[]?[256];

    /// <summary>Adds a posting.</summary>
    public void Add(byte index, in Posting posting)
    {
        Sum[] sums = _sums[index] ??= new Sum[Stretches.Count];
        ref Sum sum = ref sums[stretches.Of(posting.Offset)];
        ulong low = Mix(posting.A + 0x9E3779B97F4A7C15, posting.B, (ulong)posting.Offset);
        sum.Rows++;
        sum.Low += low;
        sum.High += Mix(low ^ 0xD1B54A32D192ED03, (ulong)posting.Offset, posting.A);
    }

    /// <summary>Adds the sums of another tally.</summary>
    public void Add(RowTally other)
    {
        for (int index = 0; index < _sums.Length; index++)
        {
            if (other._sums[index] is not { } theirs) continue;
            Sum[] ours = _sums[index] ??= new Sum[Stretches.Count];
            for (int i = 0; i < ours.Length; i++)
            {
                ours[i].Rows += theirs[i].Rows;
                ours[i].Low += theirs[i].Low;
                ours[i].High += theirs[i].High;
            }
        }
    }

    /// <summary>The index and section of each difference, in log order.</summary>
    public List<(byte Index, int Stretch)> Differences(RowTally other)
    {
        List<(byte Index, int Stretch)> differences = [];
        for (int stretch = 0; stretch < Stretches.Count; stretch++)
        {
            for (int index = 0; index < _sums.Length; index++)
                if (At(index, stretch) != other.At(index, stretch)) differences.Add(((byte)index, stretch));
        }

        return differences;
    }

    private Sum At(int index, int stretch) => _sums[index] is { } sums ? sums[stretch] : default;

    private static ulong Mix(ulong a, ulong b, ulong c) => Scramble(Scramble(Scramble(a) + b) + c);

    private static ulong Scramble(ulong x)
    {
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
        return x ^ (x >> 31);
    }

    private record struct Sum(long Rows, ulong Low, ulong High);
}
