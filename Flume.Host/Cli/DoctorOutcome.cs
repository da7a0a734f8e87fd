using Flume.Tools.Doctor;

namespace Flume.Host.Cli;

/// <summary>The outcome of <c>flume doctor</c>: findings and repairs.</summary>
/// <param name="options">What was inspected.</param>
/// <param name="holder">The process that holds the directory; null if none.</param>
internal sealed class DoctorOutcome(CheckupOptions options, string? holder)
{
    /// <summary>The data directory, or Flume's folder in a classic one; absolute.</summary>
    public string Directory => options.Directory;

    /// <summary>The option that names the directory on a command line.</summary>
    public string Option =>
        options.Classic is null ? $"--data {Directory}" : $"--ssb {Path.GetDirectoryName(Directory)}";

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
