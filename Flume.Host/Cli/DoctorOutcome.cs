using Flume.Tools.Doctor;

namespace Flume.Host.Cli;

/// <summary>What a doctor's visit found and did.</summary>
/// <param name="directory">The data directory, absolute.</param>
/// <param name="holder">Who has the directory open; null when nobody has.</param>
internal sealed class DoctorOutcome(string directory, string? holder)
{
    /// <summary>The data directory, absolute.</summary>
    public string Directory => directory;

    /// <summary>Who has the directory open; null when nobody has.</summary>
    public string? Holder => holder;

    /// <summary>What was found.</summary>
    public required CheckupReport Found { get; init; }

    /// <summary>What was done; empty when nothing was to be done.</summary>
    public IReadOnlyList<RepairResult> Results { get; set; } = [];

    /// <summary>Where what was taken away is; null when nothing was.</summary>
    public string? QuarantineFolder { get; set; }

    /// <summary>What was found after the treatment; null when there was none.</summary>
    public CheckupReport? Left { get; set; }

    /// <summary>How things are now.</summary>
    public CheckupReport Now => Left ?? Found;
}
