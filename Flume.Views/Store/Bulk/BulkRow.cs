namespace Flume.Views.Store.Bulk;

/// <summary>One write to a key during a bulk load. The write with the highest offset and order wins.</summary>
/// <param name="Key">The view's key.</param>
/// <param name="Value">The value; null removes the key.</param>
/// <param name="Offset">The offset of the record that wrote it.</param>
/// <param name="Order">The order among the writes of one record.</param>
internal readonly record struct BulkRow(byte[] Key, byte[]? Value, long Offset, int Order) : IComparable<BulkRow>
{
    /// <summary>The approximate memory of a row.</summary>
    internal long Bytes => Key.Length + (Value?.Length ?? 0) + 80;

    /// <summary>Compares key bytes, then offset and order.</summary>
    public int CompareTo(BulkRow other)
    {
        int byKey = Key.AsSpan().SequenceCompareTo(other.Key);
        if (byKey != 0) return byKey;
        return Offset != other.Offset ? Offset.CompareTo(other.Offset) : Order.CompareTo(other.Order);
    }
}
