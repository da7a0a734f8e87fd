namespace Flume.Views.Store;

/// <summary>One snapshot of a store. Its rows and since always agree. Later commits do not change it.</summary>
/// <remarks>Not thread-safe. Several cursors may be open. Dispose each cursor, then the reader.</remarks>
public interface IViewReader : IDisposable
{
    /// <summary>The checkpoint that the rows of this snapshot reflect.</summary>
    Checkpoint Checkpoint { get; }

    /// <summary>Reads the postings of a range in order, or in reverse order.</summary>
    PostingCursor Read(byte index, PostingRange range, bool reverse = false);

    /// <summary>
    /// The number of postings in a range. Blocks that lie completely inside are counted without decoding.
    /// </summary>
    long Count(byte index, PostingRange range);

    /// <summary>The value of a key.</summary>
    bool TryGet(ReadOnlySpan<byte> key, out byte[] value);

    /// <summary>
    /// The rows whose key starts with the prefix, in order of key bytes. An empty prefix selects all rows.
    /// </summary>
    IEnumerable<KeyValuePair<byte[], byte[]>> Rows(ReadOnlySpan<byte> prefix);

    /// <summary>The rows between two keys, both inclusive, in order of key bytes, or in reverse order.</summary>
    IEnumerable<KeyValuePair<byte[], byte[]>> Rows(byte[] from, byte[] to, bool reverse = false);
}
