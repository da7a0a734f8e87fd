using RocksDbSharp;

namespace Flume.Views.Store;

/// <summary>Tells RocksDB's errors apart: damage is for a rebuild, trouble with the disk may pass.</summary>
internal static class RocksFault
{
    /// <summary>The exception to throw instead of RocksDB's own.</summary>
    /// <remarks>
    /// A file that is missing, or of a format that this RocksDB does not know, is damage too: waiting won't bring it.
    /// </remarks>
    internal static Exception Translate(RocksDbException error, string store, string doing)
    {
        bool passing = error.Message.StartsWith("IO error", StringComparison.Ordinal)
            && !error.Message.Contains("No such file", StringComparison.Ordinal);
        return passing
            ? new IOException($"Store {store}: {doing} failed: {error.Message}", error)
            : new StoreDamagedException(store, doing, error.Message, error);
    }

    /// <summary>Throws when an iterator stopped because of an error, not because the rows ended.</summary>
    internal static void ThrowIfFailed(Iterator iterator, string store)
    {
        try
        {
            Native.Instance.rocksdb_iter_get_error(iterator.Handle);
        }
        catch (RocksDbException error)
        {
            throw Translate(error, store, "reading rows");
        }
    }
}
