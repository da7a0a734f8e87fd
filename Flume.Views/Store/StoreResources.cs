using RocksDbSharp;

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
    /// <summary>The oldest table format that both RocksDB 7.8 and its successors write and read alike.</summary>
    private const int TableFormat = 5;

    private const int TableBlockBytes = 16 * 1024;

    private readonly StoreLimits _limits;
    private readonly Cache _cache;

    internal StoreResources(StoreLimits limits)
    {
        _limits = limits;
        _cache = Cache.CreateLru((ulong)limits.BlockCacheBytes);
    }

    /// <summary>Bytes that cached table blocks take now, over all stores.</summary>
    internal long CachedBytes => (long)_cache.GetUsage();

    /// <summary>The options to open a store with, or to make it.</summary>
    internal DbOptions DatabaseOptions() => new DbOptions()
        .SetCreateIfMissing()
        .SetMaxOpenFiles(_limits.OpenFilesMax)
        .SetKeepLogFileNum(1)
        .SetInfoLogLevel(InfoLogLevel.Error)
        .SetStatsDumpPeriodSec(0)
        .SetManifestPreallocationSize(16 * 1024)
        .SkipStatsUpdateOnOpen(true)
        .SetMaxTotalWalSize((ulong)_limits.WriteBufferBytes * 2)
        .SetWriteBufferSize((ulong)_limits.WriteBufferBytes)
        .SetMaxWriteBufferNumber(2)
        .SetArenaBlockSize(64 * 1024)
        .SetCompression(Compression.No)
        .SetBlockBasedTableFactory(Tables());

    /// <summary>The options of table files that a bulk load writes; the same format as the store's own.</summary>
    internal ColumnFamilyOptions TableOptions() => new ColumnFamilyOptions()
        .SetCompression(Compression.No)
        .SetBlockBasedTableFactory(Tables());

    private BlockBasedTableOptions Tables() => new BlockBasedTableOptions()
        .SetBlockSize(TableBlockBytes)
        .SetBlockCache(_cache)
        .SetFormatVersion(TableFormat);
}
