using Flume.Log;
using Flume.Views.Records;
using Flume.Views.Registered;
using Flume.Views.Store;

namespace Flume.Views.Checking;

/// <summary>Proves that a view's rows equal the fold of the log, or finds where they do not.</summary>
/// <remarks>
/// 1. The rows are those of one snapshot, the log is read up to its since: appends meanwhile change nothing.
/// 2. Nothing is written, and memory does not grow with the log, plain rows excepted.
/// 3. What a record means comes from the view's own <c>Apply</c>, fed as a rebuild feeds it.
/// </remarks>
public static class ViewCheck
{
    /// <summary>False for a view whose rows come from a client: no record says what they are.</summary>
    public static bool Covers(IView view) => view is not ISequentialView or IReducingView;

    /// <summary>Checks the rows of one snapshot.</summary>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    /// <exception cref="LogDamagedException">The log itself does not verify, so that nothing can be said.</exception>
    public static async Task<ViewCheckReport> RunAsync(
        ViewCheckTarget target, ViewCheckOptions options, CancellationToken cancel = default)
    {
        Checkpoint at = target.Rows.Checkpoint;
        ViewCheckReport report = new() { View = target.View.Name, Since = at.Since, IsFull = options.Sample is null };
        if (Disagreement(target, at) is { } fault) return report with { Faults = [fault] };
        try
        {
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
            return $"The rows reflect offset {at.Since}, where no record starts: they are another log's; rebuild the view.";
        }
    }
}

/// <summary>A view, a snapshot of its rows, and the log they are to be the fold of.</summary>
/// <param name="View">The view.</param>
/// <param name="Rows">The snapshot; the caller keeps and disposes it.</param>
/// <param name="Log">The log.</param>
/// <param name="Format">How its records are decoded.</param>
public sealed record ViewCheckTarget(IView View, IViewReader Rows, OffsetLog Log, RecordFormat Format);
