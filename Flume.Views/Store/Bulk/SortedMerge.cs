namespace Flume.Views.Store.Bulk;

/// <summary>Merges sorted sequences into one. Equal items are adjacent.</summary>
internal static class SortedMerge
{
    internal static IEnumerable<T> Merge<T>(IEnumerable<IEnumerable<T>> sources)
        where T : IComparable<T>
    {
        var heads = new PriorityQueue<IEnumerator<T>, T>();
        try
        {
            foreach (IEnumerable<T> source in sources)
            {
                IEnumerator<T> head = source.GetEnumerator();
                if (head.MoveNext()) heads.Enqueue(head, head.Current);
                else head.Dispose();
            }

            while (heads.TryPeek(out IEnumerator<T>? head, out T? item))
            {
                yield return item;
                if (head.MoveNext()) heads.DequeueEnqueue(head, head.Current);
                else heads.Dequeue().Dispose();
            }
        }
        finally
        {
            while (heads.TryDequeue(out IEnumerator<T>? head, out _)) head.Dispose();
        }
    }
}
