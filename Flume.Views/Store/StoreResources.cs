using Flume.Views.Store.Native;

namespace Flume.Views.Store;

/// <summary>The resource limits of the stores in one process.</summary>
/// <param name="BlockCacheBytes">The read cache that all stores share.</param>
/// <param name="WriteBufferBytes">Rows in memory per store, and up to twice as many during a flush.</param>
/// <param name="OpenFilesMax">The maximum of open table files per store.</param>
internal sealed record StoreLimits(
    long BlockCacheBytes = 64L << 20, long WriteBufferBytes = 4L << 20, int OpenFilesMax = 32);

/// <summary>The resources that the stores of one process share, and their settings.</summary>
/// <remarks>
/// Rows are derived, so commits do not wait for the disk. An idle store must use few resources, because one process
/// hosts many identities with many views.
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

    /// <summary>The bytes of cached table blocks, over all stores.</summary>
    internal long CachedBytes => _cache.UsedBytes;

    /// <summary>The options for opening or creating a store.</summary>
    internal RocksOptions DatabaseOptions() => new(_cache, _limits);

    /// <summary>Creates a writer of table files with the options of a store.</summary>
    internal RocksTableWriter NewTableWriter()
    {
        using RocksOptions options = new(_cache);
        return new RocksTableWriter(options);
    }
}
