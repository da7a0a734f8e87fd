using Flume.Views.Store;

namespace Flume.Actors;

/// <summary>Limits of all stores of a process: <c>flume.store</c>.</summary>
public sealed record StoreSettings(long BlockCacheBytes, long WriteBufferBytes, int OpenFilesMax)
{
    internal static StoreSettings Read(SettingsReader reader) => new(
        reader.BytesOrAuto("flume.store.block-cache-bytes", 1 << 20, 64L << 30, (1.0 / 32, 64L << 20)),
        reader.BytesOrAuto("flume.store.write-buffer-bytes", 64 << 10, 1L << 30, (1.0 / 512, 4L << 20)),
        reader.Int("flume.store.open-files-max", 8, 100_000));

    internal StoreLimits ToLimits() => new(BlockCacheBytes, WriteBufferBytes, OpenFilesMax);
}
