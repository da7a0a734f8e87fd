using Akka.Actor;
using Flume.Log;
using Flume.Ssb.Api;

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
    /// Say when the view's since is at least an offset; answered by <see cref="SinceReached"/> or
    /// <see cref="ReadRejected"/>.
    /// </summary>
    /// <remarks>No lease travels in a message: an answer that comes too late would leave it open for ever.</remarks>
    /// <param name="View">The view's name.</param>
    /// <param name="AtLeast">The smallest since accepted (inclusive); none waits for the store to be open.</param>
    /// <param name="Deadline">When the asker stops waiting.</param>
    public sealed record AwaitSince(string View, Offset AtLeast, DateTimeOffset Deadline) : IForView;

    /// <summary>The asker may lease its snapshot now, from the view's shelf.</summary>
    public sealed record SinceReached(Offset Since);

    /// <summary>The view will not get there, or not in time.</summary>
    public sealed record ReadRejected(ReadRejection Rejection, string Text);

    /// <summary>Answered by <see cref="ViewStatuses"/>. Being looked at keeps no identity open.</summary>
    public sealed record GetStatus : INotInfluenceReceiveTimeout;

    /// <summary>The status of every view, ordered by name.</summary>
    public sealed record ViewStatuses(IReadOnlyList<ViewStatus> Views);

    /// <summary>An operator's command; answered by <see cref="ViewOutcome"/>.</summary>
    public abstract record ViewCommand(string View) : IForView;

    /// <summary>Derive fresh rows, then swap.</summary>
    public sealed record Rebuild(string View, string Reason) : ViewCommand(View)
    {
        /// <summary>The first offset that is derived anew: rows of records before it are kept. Null for all.</summary>
        public Offset? From { get; init; }
    }

    /// <summary>Derive fresh rows even if that is under way: the log changed below the head.</summary>
    public sealed record PurgeDeleted(string View, string Reason) : ViewCommand(View);

    /// <summary>Stop the rebuild; keep the old rows.</summary>
    public sealed record Cancel(string View) : ViewCommand(View);

    /// <summary>Stop following the log.</summary>
    public sealed record Pause(string View, PauseInfo Info) : ViewCommand(View);

    /// <summary>Follow the log again.</summary>
    public sealed record Resume(string View) : ViewCommand(View);

    /// <summary>Use this share of the time for indexing.</summary>
    public sealed record SetBudget(string View, IndexBudget Budget) : ViewCommand(View);
}
