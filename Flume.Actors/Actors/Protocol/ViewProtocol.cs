using Flume.Api;
using Flume.Primitives;

namespace Flume.Actors.Protocol;

/// <summary>What is said to a view, and what it answers.</summary>
internal static class ViewProtocol
{
    /// <summary>Everything that names the one view it is for.</summary>
    public interface IForView
    {
        /// <summary>The view's name.</summary>
        string View { get; }
    }

    /// <summary>
    /// Lease a snapshot as soon as the view's since is at least an offset; answered by <see cref="ReadOpened"/> or
    /// <see cref="ReadRejected"/>.
    /// </summary>
    /// <param name="View">The view's name.</param>
    /// <param name="AtLeast">The smallest since accepted (inclusive).</param>
    /// <param name="Deadline">When the asker stops waiting.</param>
    public sealed record OpenRead(string View, Offset AtLeast, DateTimeOffset Deadline) : IForView;

    /// <summary>The lease; whoever gets it disposes it.</summary>
    public sealed record ReadOpened(ViewRead Read);

    /// <summary>There will be no lease.</summary>
    public sealed record ReadRejected(ReadRejection Rejection, string Text);

    /// <summary>Answered by <see cref="ViewStatuses"/>.</summary>
    public sealed record GetStatus;

    /// <summary>The status of every view, ordered by name.</summary>
    public sealed record ViewStatuses(IReadOnlyList<ViewStatus> Views);

    /// <summary>An operator's command; answered by <see cref="ViewOutcome"/>.</summary>
    public abstract record ViewCommand(string View) : IForView;

    /// <summary>Derive fresh rows, then swap.</summary>
    public sealed record Rebuild(string View, string Reason) : ViewCommand(View);

    /// <summary>Stop the rebuild; keep the old rows.</summary>
    public sealed record Cancel(string View) : ViewCommand(View);

    /// <summary>Stop following the log.</summary>
    public sealed record Pause(string View, PauseInfo Info) : ViewCommand(View);

    /// <summary>Follow the log again.</summary>
    public sealed record Resume(string View) : ViewCommand(View);

    /// <summary>Use this share of the time for indexing.</summary>
    public sealed record SetBudget(string View, IndexBudget Budget) : ViewCommand(View);
}
