namespace Flume.Views.Store;

/// <summary>One snapshot of a store: rows and since agree, whatever is committed meanwhile.</summary>
/// <remarks>For one thread at a time. Cursors may be open side by side; dispose each, and then the reader.</remarks>
public interface IViewReader : IDisposable
{
    /// <summary>The checkpoint that the rows of this snapshot reflect.</summary>
    Checkpoint Checkpoint { get; }

    /// <summary>Walks the postings of a range in order, or in reverse order.</summary>
    PostingCursor Read(byte index, PostingRange range, bool reverse = false);

    /// <summary>How many postings a range holds, without decoding blocks that lie wholly inside.</summary>
    long Count(byte index, PostingRange range);

    /// <summary>The value of a key.</summary>
    bool TryGet(ReadOnlySpan<byte> key, out byte[] value);

    /// <summary>The rows whose key starts with the prefix, by key bytes; an empty prefix stands for all.</summary>
    IEnumerable<KeyValuePair<byte[], byte[]>> Rows(ReadOnlySpan<byte> prefix);

    /// <summary>The rows from one key to another, both inclusive, by key bytes, or back from the other to the one.</summary>
    IEnumerable<KeyValuePair<byte[], byte[]>> Rows(byte[] from, byte[] to, bool reverse = false);
}
