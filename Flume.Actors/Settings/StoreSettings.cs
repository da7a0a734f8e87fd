using Flume.Views.Store;

namespace Flume.Actors;

/// <summary>Limits of all stores of a process: <c>flume.store</c>.</summary>
public sealed record StoreSettings(long BlockCacheBytes, long WriteBufferBytes, int OpenFilesMax)
{
    internal static StoreSettings Read(SettingsReader reader) => new(
        reader.Bytes("flume.store.block-cache-bytes", 1 << 20, 64L << 30),
        reader.Bytes("flume.store.write-buffer-bytes", 64 << 10, 1L << 30),
        reader.Int("flume.store.open-files-max", 8, 100_000));

    internal StoreLimits ToLimits() => new(BlockCacheBytes, WriteBufferBytes, OpenFilesMax);
}
