using Flume.Tools.Doctor;

namespace Flume.Host.Cli;

/// <summary>The outcome of <c>flume doctor</c>: findings and repairs.</summary>
/// <param name="directory">The data directory, absolute.</param>
/// <param name="holder">The process that holds the directory; null if none.</param>
internal sealed class DoctorOutcome(string directory, string? holder)
{
    /// <summary>The data directory, absolute.</summary>
    public string Directory => directory;

    /// <summary>The process that holds the directory; null if none.</summary>
    public string? Holder => holder;

    /// <summary>The findings.</summary>
    public required CheckupReport Found { get; init; }

    /// <summary>The repairs; empty if none was needed.</summary>
    public IReadOnlyList<RepairResult> Results { get; set; } = [];

    /// <summary>The quarantine folder; null if nothing was moved.</summary>
    public string? QuarantineFolder { get; set; }

    /// <summary>The findings after the repair; null without a repair.</summary>
    public CheckupReport? Left { get; set; }

    /// <summary>The latest findings.</summary>
    public CheckupReport Now => Left ?? Found;
}
