using RocksDbSharp;

namespace Flume.Store;

/// <summary>Tells RocksDB's errors apart: damage is for a rebuild, everything else may pass.</summary>
internal static class RocksFault
{
    /// <summary>The exception to throw instead of RocksDB's own.</summary>
    internal static Exception Translate(RocksDbException error, string store, string doing) =>
        error.Message.StartsWith("Corruption", StringComparison.Ordinal)
            ? new StoreDamagedException(store, doing, error.Message, error)
            : new IOException($"Store {store}: {doing} failed: {error.Message}", error);

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
