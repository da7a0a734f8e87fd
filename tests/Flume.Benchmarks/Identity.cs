using Flume.Log;
using Flume.Ssb.Messages;

namespace Flume.Benchmarks;

/// <summary>A folder with a log and its secret, as the benchmarks read it.</summary>
internal sealed class Identity(string folder)
{
    /// <summary>The folder.</summary>
    public string Folder => folder;

    /// <summary>Where its views are built.</summary>
    public string Views => Path.Combine(folder, "views");

    /// <summary>Opens the log to read.</summary>
    public OffsetLog OpenLog() =>
        OffsetLog.Open(Path.Combine(folder, "log.offset"), new LogOptions { ReadOnly = true });

    /// <summary>Opens the memory of its boxes.</summary>
    public Unboxer OpenBoxes()
    {
        FeedKeys keys = SecretFile.Read(Path.Combine(folder, "secret"));
        return new Unboxer(keys, UnboxCache.Open(folder, keys));
    }
}
