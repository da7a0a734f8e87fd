using Flume.Views.Store.Native;

namespace Flume.Views.Store;

/// <summary>How much the stores of one process may take.</summary>
/// <param name="BlockCacheBytes">Read cache, shared by all stores.</param>
/// <param name="WriteBufferBytes">Rows in memory, per store; up to twice as much while a flush runs.</param>
/// <param name="OpenFilesMax">Table files kept open, per store.</param>
internal sealed record StoreLimits(
    long BlockCacheBytes = 64L << 20, long WriteBufferBytes = 4L << 20, int OpenFilesMax = 32);

/// <summary>What the stores of one process share, and the tuning of each.</summary>
/// <remarks>
/// Rows are derived, so nothing waits for the disk; what matters is that an idle store costs next to nothing, because
/// one process hosts many identities with many views each.
/// </remarks>
internal sealed class StoreResources
{
    private readonly StoreLimits _limits;
    private readonly RocksCache _cache;

    internal StoreResources(StoreLimits limits)
    {
        _limits = limits;
        _cache = new RocksCache(limits.BlockCacheBytes);
    }

    /// <summary>Bytes that cached table blocks take now, over all stores.</summary>
    internal long CachedBytes => _cache.UsedBytes;

    /// <summary>The options to open a store with, or to make it.</summary>
    internal RocksOptions DatabaseOptions() => new(_cache, _limits);

    /// <summary>A writer of table files as a store's own are.</summary>
    internal RocksTableWriter NewTableWriter()
    {
        using RocksOptions options = new(_cache);
        return new RocksTableWriter(options);
    }
}
