using Flume.Actors;
using Flume.Log;
using Flume.Ssb.Messages;
using Flume.Views;
using Flume.Views.Rebuilds;

namespace Flume.Tools.Doctor;

/// <summary>Performs the repairs of findings in order, and then rebuilds the rows that were removed.</summary>
/// <remarks>The caller holds the directory's lock. A failed repair does not stop the others.</remarks>
public sealed class RepairPlan
{
    private readonly Dictionary<IdentityFiles, List<IView>> _rebuilds = [];
    private readonly string _root;

    private RepairPlan(CheckupOptions options, TimeProvider time)
    {
        _root = options.Root;
        Aside = new Quarantine(options.Directory, options.Root, time);
    }

    /// <summary>The quarantine of this plan.</summary>
    internal Quarantine Aside { get; }

    /// <summary>Repairs every finding that can be fixed.</summary>
    /// <returns>The results, and the quarantine folder, or null if nothing was moved.</returns>
    public static async Task<(IReadOnlyList<RepairResult> Done, string? Folder)> RunAsync(
        CheckupOptions options, IReadOnlyList<Finding> findings, TimeProvider time, CancellationToken cancel = default)
    {
        RepairPlan plan = new(options with { Directory = Path.GetFullPath(options.Directory) }, time);
        List<RepairResult> results = [];
        foreach (Finding finding in findings)
        {
            if (finding.Fix is not { } fix) continue;
            cancel.ThrowIfCancellationRequested();
            results.Add(Try(finding, () => fix(plan)));
        }

        foreach ((IdentityFiles files, List<IView> views) in plan._rebuilds)
            results.Add(await plan.RebuildAsync(files, views, cancel).ConfigureAwait(false));
        return (results, plan.Aside.Folder);
    }

    /// <summary>Schedules a rebuild of a view's rows after all repairs.</summary>
    internal void Rebuild(IdentityFiles files, IView view)
    {
        if (!_rebuilds.TryGetValue(files, out List<IView>? views)) _rebuilds[files] = views = [];
        if (!views.Contains(view)) views.Add(view);
    }

    private async Task<RepairResult> RebuildAsync(IdentityFiles files, List<IView> views, CancellationToken cancel)
    {
        string names = string.Join(", ", views.Select(view => view.Name));
        Finding finding = new("rows-derived", Path.GetRelativePath(_root, files.Views), $"Rows of {names} were set aside.",
            "Rebuild them from the log.");
        try
        {
            RebuildReport report = await IdentityRebuild.RunAsync(files, views, cancel: cancel).ConfigureAwait(false);
            return report.Views.FirstOrDefault(view => view.Failure is not null) is { } failed
                ? new RepairResult(finding, null, $"{failed.Name}: {failed.Failure}")
                : new RepairResult(finding, $"rebuilt {names} from {report.Records} records", null);
        }
        catch (Exception cause) when (cause is LogException or IOException or UnauthorizedAccessException
            or SecretFileException)
        {
            return new RepairResult(finding, null, $"{cause.Message} The next start tries again.");
        }
    }

    private static RepairResult Try(Finding finding, Func<string> fix)
    {
        try
        {
            return new RepairResult(finding, fix(), null);
        }
        catch (Exception cause) when (cause is LogException or IOException or UnauthorizedAccessException)
        {
            return new RepairResult(finding, null, cause.Message);
        }
    }
}
