namespace Flume.Views.Store.Bulk;

/// <summary>One write to a key during a bulk load; that of the highest offset stays, and of those the last.</summary>
/// <param name="Key">The view's key.</param>
/// <param name="Value">Null removes the key.</param>
/// <param name="Offset">The record that wrote it.</param>
/// <param name="Order">The order among one record's writes.</param>
internal readonly record struct BulkRow(byte[] Key, byte[]? Value, long Offset, int Order) : IComparable<BulkRow>
{
    /// <summary>About what a row takes in memory.</summary>
    internal long Bytes => Key.Length + (Value?.Length ?? 0) + 80;

    /// <summary>By key bytes, then by age.</summary>
    public int CompareTo(BulkRow other)
    {
        int byKey = Key.AsSpan().SequenceCompareTo(other.Key);
        if (byKey != 0) return byKey;
        return Offset != other.Offset ? Offset.CompareTo(other.Offset) : Order.CompareTo(other.Order);
    }
}
