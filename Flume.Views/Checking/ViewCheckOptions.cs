namespace Flume.Views.Checking;

/// <summary>How thorough a check is, and how much of the machine it may take.</summary>
public sealed record ViewCheckOptions
{
    /// <summary>How many records and how many rows to choose at random; null for all.</summary>
    public int? Sample { get; init; }

    /// <summary>What to choose them with; null for a seed of its own.</summary>
    public int? Seed { get; init; }

    /// <summary>Threads; the default is one per core.</summary>
    public int Degree { get; init; } = Environment.ProcessorCount;

    /// <summary>Part of the time that each thread may work, greater than 0 and at most 1.</summary>
    public double Share { get; init; } = 1;

    /// <summary>True to yield to every other thread of the machine: for a check beside a service.</summary>
    public bool IsGentle { get; init; }

    /// <summary>How many differences to list.</summary>
    public int ListedMax { get; init; } = 20;

    /// <summary>Told now and then; null for nobody.</summary>
    public IProgress<ViewCheckProgress>? Progress { get; init; }

    /// <summary>One thread of low priority, at half of its time: what a service can spare.</summary>
    public static ViewCheckOptions Gentle { get; } = new() { Degree = 1, Share = 0.5, IsGentle = true };
}
