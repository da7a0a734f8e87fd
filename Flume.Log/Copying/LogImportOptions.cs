namespace Flume.Log;

/// <summary>How a log is copied.</summary>
public sealed record LogImportOptions
{
    /// <summary>The new log's width; null for the source's. Another width changes every offset but the first.</summary>
    public OffsetWidth? Width { get; init; }

    /// <summary>Told after every 1 MiB.</summary>
    public IProgress<LogProgress>? Progress { get; init; }

    internal ILogDisk Disk { get; init; } = LogDisk.Instance;
}
