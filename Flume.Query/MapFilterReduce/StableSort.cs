namespace Flume.Query.MapFilterReduce;

/// <summary>A merge sort: stable as in JavaScript; it does not wrap exceptions of the comparison.</summary>
internal static class StableSort
{
    /// <summary>Sorts in place.</summary>
    public static void Sort<T>(List<T> items, Comparison<T> compare)
    {
        T[] from = [.. items], to = new T[from.Length];
        for (int width = 1; width < from.Length; width *= 2)
        {
            for (int start = 0; start < from.Length; start += 2 * width)
            {
                int middle = Math.Min(start + width, from.Length), end = Math.Min(middle + width, from.Length);
                Merge(from.AsSpan(start, end - start), middle - start, to.AsSpan(start, end - start), compare);
            }

            (from, to) = (to, from);
        }

        for (int i = 0; i < from.Length; i++) items[i] = from[i];
    }

    private static void Merge<T>(ReadOnlySpan<T> runs, int middle, Span<T> merged, Comparison<T> compare)
    {
        int left = 0, right = middle;
        for (int i = 0; i < merged.Length; i++)
        {
            bool takeLeft = right == runs.Length || (left < middle && compare(runs[left], runs[right]) <= 0);
            merged[i] = takeLeft ? runs[left++] : runs[right++];
        }
    }
}
