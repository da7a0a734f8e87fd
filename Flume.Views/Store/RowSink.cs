namespace Flume.Views.Store;

/// <summary>What a view's <c>Apply</c> writes rows to: a batch while live, a bulk load while rebuilding.</summary>
/// <remarks>
/// Rows are sets: the same posting twice is one posting, and of two values for one key the later record's stays.
/// </remarks>
public abstract class RowSink
{
    /// <summary>The offset of the record whose rows follow; set by the indexer before each, never by a view.</summary>
    public long Offset { get; set; }

    /// <summary>Adds the posting (a, b, <see cref="Offset"/>) to an index.</summary>
    public abstract void Post(byte index, ulong a, ulong b);

    /// <summary>Sets the value of a key; the bytes are copied.</summary>
    public abstract void Put(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value);

    /// <summary>Removes a key that <see cref="Put"/> may have set.</summary>
    public abstract void Remove(ReadOnlySpan<byte> key);
}
