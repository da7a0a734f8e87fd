using Flume.Actors;
using Flume.Views;

namespace Flume.Tools.Doctor;

/// <summary>One finding of an inspection.</summary>
/// <param name="Code">The finding's code for programs: stable, lower-case, dashed.</param>
/// <param name="Subject">The file or folder, relative to the data directory.</param>
/// <param name="Text">The defect, in one sentence.</param>
/// <param name="Remedy">The recommended action.</param>
public sealed record Finding(string Code, string Subject, string Text, string Remedy)
{
    /// <summary>True for information that needs no action.</summary>
    public bool IsNote { get; init; }

    /// <summary>True if a repair exists for it.</summary>
    public bool CanFix => Fix is not null;

    /// <summary>
    /// Performs the repair and returns a description of it. It discards nothing: see <see cref="Quarantine"/>.
    /// </summary>
    internal Func<RepairPlan, string>? Fix { get; init; }
}

/// <summary>The health of one identity's log.</summary>
/// <param name="Name">The identity.</param>
/// <param name="Records">The number of records that verify.</param>
/// <param name="Bytes">The log's length in bytes.</param>
/// <param name="Views">The number of views whose rows were read and verify.</param>
public sealed record IdentityCheckup(string Name, long Records, long Bytes, int Views);

/// <summary>The report of an inspection of a data directory.</summary>
public sealed record CheckupReport(IReadOnlyList<IdentityCheckup> Identities, IReadOnlyList<Finding> Findings)
{
    /// <summary>True if all findings are information only.</summary>
    public bool IsHealthy => Findings.All(finding => finding.IsNote);
}

/// <summary>The result of a repair.</summary>
/// <param name="Finding">The finding.</param>
/// <param name="Done">A description of the repair; null if it failed.</param>
/// <param name="Failure">The reason of the failure; null if the repair succeeded.</param>
public sealed record RepairResult(Finding Finding, string? Done, string? Failure);

/// <summary>The options of an inspection.</summary>
/// <param name="Directory">The data directory, or Flume's folder in a classic one.</param>
public sealed record CheckupOptions(string Directory)
{
    /// <summary>The name and the files of the one identity of a classic directory; null for a data directory.</summary>
    public (string Name, IdentityFiles Files)? Classic { get; init; }

    /// <summary>The folder that findings name files from: the data directory, or the classic directory.</summary>
    internal string Root => Classic is null ? Directory : Path.GetDirectoryName(Directory)!;

    /// <summary>Also compares each message's key with the hash of its value.</summary>
    public bool Ids { get; init; }

    /// <summary>Also proves that rows equal the fold of the log.</summary>
    public bool Rows { get; init; }

    /// <summary>Views with stores of their own kind, each inspected where an identity has its folder.</summary>
    public IReadOnlyList<IOwnStoreView> OwnViews { get; init; } = [];

    /// <summary>A service holds the directory: only what a second process may read is inspected.</summary>
    public bool IsHeld { get; init; }

    /// <summary>Receives the progress; null for none.</summary>
    public IProgress<CheckupProgress>? Progress { get; init; }
}

/// <summary>The progress of one part of an inspection.</summary>
public readonly record struct CheckupProgress(string What, long Done, long Total);
