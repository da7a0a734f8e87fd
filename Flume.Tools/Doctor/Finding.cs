namespace Flume.Tools.Doctor;

/// <summary>One thing that a checkup found.</summary>
/// <param name="Code">What it is, in a word for programs: stable, lower-case, dashed.</param>
/// <param name="Subject">The file or folder, relative to the data directory.</param>
/// <param name="Text">What is so, in one sentence.</param>
/// <param name="Remedy">What to do about it.</param>
public sealed record Finding(string Code, string Subject, string Text, string Remedy)
{
    /// <summary>True for what is worth knowing but needs nothing done.</summary>
    public bool IsNote { get; init; }

    /// <summary>True when a treatment does something about it.</summary>
    public bool CanFix => Cure is not null;

    /// <summary>Does what the remedy says; tells what was done. Nothing is discarded: see <see cref="Quarantine"/>.</summary>
    internal Func<RepairPlan, string>? Cure { get; init; }
}

/// <summary>What one identity's log is like.</summary>
/// <param name="Name">The identity.</param>
/// <param name="Records">Records that verify.</param>
/// <param name="Bytes">Bytes of log.</param>
/// <param name="Views">Views whose rows were read and verify.</param>
public sealed record IdentityCheckup(string Name, long Records, long Bytes, int Views);

/// <summary>What a checkup found in a data directory.</summary>
public sealed record CheckupReport(IReadOnlyList<IdentityCheckup> Identities, IReadOnlyList<Finding> Findings)
{
    /// <summary>True when nothing was found but notes.</summary>
    public bool IsHealthy => Findings.All(finding => finding.IsNote);
}

/// <summary>What was done about a finding.</summary>
/// <param name="Finding">The finding.</param>
/// <param name="Done">What was done; null when it failed.</param>
/// <param name="Failure">Why it failed; null when it did not.</param>
public sealed record RepairResult(Finding Finding, string? Done, string? Failure);

/// <summary>What to look at.</summary>
/// <param name="Directory">The data directory.</param>
public sealed record CheckupOptions(string Directory)
{
    /// <summary>Also compare each message's key with the hash of its value.</summary>
    public bool Ids { get; init; }

    /// <summary>Also prove that rows equal the fold of the log.</summary>
    public bool Rows { get; init; }

    /// <summary>A service has the directory: only look at what may be read beside it.</summary>
    public bool IsHeld { get; init; }

    /// <summary>Told what is looked at; null for nobody.</summary>
    public IProgress<CheckupProgress>? Progress { get; init; }
}

/// <summary>How far one part of a checkup has come.</summary>
public readonly record struct CheckupProgress(string What, long Done, long Total);
