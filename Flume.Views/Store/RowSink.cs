namespace Flume.Views.Store;

/// <summary>
/// The target of a view's <c>Apply</c>: a batch while following the log, a bulk load while rebuilding.
/// </summary>
/// <remarks>Rows are sets. Equal postings count once. For one key, the value of the later record wins.</remarks>
public abstract class RowSink
{
    /// <summary>
    /// The offset of the current record. The indexer sets it before each record; a view must not set it.
    /// </summary>
    public long Offset { get; set; }

    /// <summary>Adds the posting (a, b, <see cref="Offset"/>) to an index.</summary>
    public abstract void Post(byte index, ulong a, ulong b);

    /// <summary>Sets the value of a key. The bytes are copied.</summary>
    public abstract void Put(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value);

    /// <summary>Removes a key. The key may be missing.</summary>
    public abstract void Remove(ReadOnlySpan<byte> key);
}
