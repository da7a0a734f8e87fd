namespace Flume.Views.Checking;

/// <summary>The thoroughness of a check and its limits on threads and time.</summary>
public sealed record ViewCheckOptions
{
    /// <summary>The number of records and of rows to sample; null checks all.</summary>
    public int? Sample { get; init; }

    /// <summary>The seed of the sample; null generates one.</summary>
    public int? Seed { get; init; }

    /// <summary>The number of threads. The default is one per core.</summary>
    public int Degree { get; init; } = Environment.ProcessorCount;

    /// <summary>The fraction of time that each thread may work, greater than 0 and at most 1.</summary>
    public double Share { get; init; } = 1;

    /// <summary>True runs the threads at low priority, for a check inside a running service.</summary>
    public bool IsGentle { get; init; }

    /// <summary>The maximum number of differences to list.</summary>
    public int ListedMax { get; init; } = 20;

    /// <summary>Receives progress reports at intervals; null for none.</summary>
    public IProgress<ViewCheckProgress>? Progress { get; init; }

    /// <summary>One low-priority thread that works half of the time. It suits a running service.</summary>
    public static ViewCheckOptions Gentle { get; } = new() { Degree = 1, Share = 0.5, IsGentle = true };
}
