using Flume.Log;
using Flume.Log.Primitives;
using Flume.Views.Records;
using Flume.Views.Registered;
using Flume.Views.Store;

namespace Flume.Views.Checking;

/// <summary>Verifies that a view's rows equal those that the log implies, or finds the differences.</summary>
/// <remarks>
/// 1. The check reads one snapshot of the rows and the log up to its since. Concurrent appends have no effect.
/// 2. It writes nothing. Its memory is independent of the log's size, except for plain rows.
/// 3. The view's own <c>Apply</c> computes the expected rows from records in the form that a rebuild passes.
/// </remarks>
public static class ViewCheck
{
    /// <summary>False for a view whose rows come from a client, because no record implies them.</summary>
    public static bool Covers(IView view) => view is not ISequentialView or IReducingView;

    /// <summary>Checks the rows of one snapshot.</summary>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    /// <exception cref="LogDamagedException">The log itself is damaged, so the check has no result.</exception>
    public static async Task<ViewCheckReport> RunAsync(
        ViewCheckTarget target, ViewCheckOptions options, CancellationToken cancel = default)
    {
        Checkpoint at = target.Rows.Checkpoint;
        ViewCheckReport report = new() { View = target.View.Name, Since = at.Since, IsFull = options.Sample is null };
        if (Disagreement(target, at) is { } fault) return report with { Faults = [fault] };
        try
        {
            if (target.View is IOwnStoreView own)
            {
                OwnStoreCheck check = new("", target.Log, target.Format) { Rows = target.Rows, Options = options };
                return await DedicatedThread.Start(() => own.Check(check, cancel)).ConfigureAwait(false);
            }

            if (target.View is IReducingView reducing)
            {
                return await Task.Run(() => new ReducedCheck(reducing, target, options).Run(report, cancel), cancel)
                    .ConfigureAwait(false);
            }

            return options.Sample is null
                ? await new FullCheck(target, options).RunAsync(report, cancel).ConfigureAwait(false)
                : await new SampleCheck(target, options).RunAsync(report, cancel).ConfigureAwait(false);
        }
        catch (Exception cause) when (cause is StoreDamagedException or ViewApplyException)
        {
            return report with { Faults = [cause.Message] };
        }
    }

    private static string? Disagreement(ViewCheckTarget target, Checkpoint at)
    {
        if (at.Since.IsSome && at.Version != target.View.Version)
            return $"The rows are of version {at.Version}, the view of {target.View.Version}; it needs a rebuild.";
        if (at.Since > target.Log.Head)
            return $"The rows reflect offset {at.Since}, beyond the log's head {target.Log.Head}; rebuild the view.";
        try
        {
            target.Log.Next(at.Since);
            return null;
        }
        catch (LogOffsetException)
        {
            return $"The rows belong to another log: no record starts at their since {at.Since}; rebuild the view.";
        }
    }
}

/// <summary>A view, a snapshot of its rows, and the log to check them against.</summary>
/// <param name="View">The view.</param>
/// <param name="Rows">The snapshot. The caller disposes it.</param>
/// <param name="Log">The log.</param>
/// <param name="Format">How its records are decoded.</param>
public sealed record ViewCheckTarget(IView View, IViewReader Rows, OffsetLog Log, RecordFormat Format);
