namespace Flume.Log;

/// <summary>Options of an import.</summary>
public sealed record LogImportOptions
{
    /// <summary>
    /// The new log's width; null keeps the source's. Another width changes every offset except the first.
    /// </summary>
    public OffsetWidth? Width { get; init; }

    /// <summary>Receives the progress after every 1 MiB.</summary>
    public IProgress<LogProgress>? Progress { get; init; }

    internal ILogDisk Disk { get; init; } = LogDisk.Instance;
}
