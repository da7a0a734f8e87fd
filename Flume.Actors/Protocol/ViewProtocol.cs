using Akka.Actor;
using Flume.Log;
using Flume.Ssb.Api;

namespace Flume.Actors.Protocol;

/// <summary>Messages to a view, and its answers.</summary>
internal static class ViewProtocol
{
    /// <summary>A message for one named view.</summary>
    public interface IForView
    {
        /// <summary>The view's name.</summary>
        string View { get; }
    }

    /// <summary>
    /// Notify the sender when the view's since is at least an offset; answered by <see cref="SinceReached"/> or
    /// <see cref="ReadRejected"/>.
    /// </summary>
    /// <remarks>Answers carry no lease: nothing would close the lease of an answer that arrives too late.</remarks>
    /// <param name="View">The view's name.</param>
    /// <param name="AtLeast">The smallest since accepted (inclusive); None waits until the store is open.</param>
    /// <param name="Deadline">The time when the sender stops waiting.</param>
    public sealed record AwaitSince(string View, Offset AtLeast, DateTimeOffset Deadline) : IForView;

    /// <summary>The sender may lease a snapshot from the <see cref="ServingView"/> now.</summary>
    public sealed record SinceReached(Offset Since);

    /// <summary>The view does not reach the offset, or not before the deadline.</summary>
    public sealed record ReadRejected(ReadRejection Rejection, string Text);

    /// <summary>
    /// Answered by <see cref="ViewStatuses"/>. The request does not delay the idle close of the identity.
    /// </summary>
    public sealed record GetStatus : INotInfluenceReceiveTimeout;

    /// <summary>The status of every view, ordered by name.</summary>
    public sealed record ViewStatuses(IReadOnlyList<ViewStatus> Views);

    /// <summary>An operator's command; answered by <see cref="ViewOutcome"/>.</summary>
    public abstract record ViewCommand(string View) : IForView;

    /// <summary>Derive fresh rows, then promote them.</summary>
    public sealed record Rebuild(string View, string Reason) : ViewCommand(View)
    {
        /// <summary>
        /// Offset of the first record whose rows are derived again; earlier rows are retained. Null for all.
        /// </summary>
        public Offset? From { get; init; }
    }

    /// <summary>Derive fresh rows, also when a rebuild runs: a deletion changed the log below the head.</summary>
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
