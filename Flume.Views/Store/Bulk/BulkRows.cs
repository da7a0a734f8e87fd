namespace Flume.Views.Store.Bulk;

/// <summary>Selects the winning write of each key.</summary>
internal static class BulkRows
{
    /// <summary>The last write of each key, removals included, from rows sorted by key and age.</summary>
    internal static IEnumerable<BulkRow> Latest(IEnumerable<BulkRow> sorted)
    {
        BulkRow? held = null;
        foreach (BulkRow row in sorted)
        {
            if (held is { } previous && !previous.Key.AsSpan().SequenceEqual(row.Key)) yield return previous;
            held = row;
        }

        if (held is { } last) yield return last;
    }
}
