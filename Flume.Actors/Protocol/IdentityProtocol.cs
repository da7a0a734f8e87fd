using Flume.Log;

namespace Flume.Actors.Protocol;

/// <summary>Messages to an IdentityActor, and reports of its children.</summary>
internal static class IdentityProtocol
{
    /// <summary>
    /// Open the identity when it is closed; answered by <see cref="Activated"/> or <see cref="NotActivated"/>.
    /// </summary>
    public sealed record Activate;

    /// <summary>The log and the views are open.</summary>
    public sealed record Activated;

    /// <summary>The identity can't be opened. The text contains the attempt and its error.</summary>
    public sealed record NotActivated(string Text, Exception? Cause);

    /// <summary>From the LogActor: the log is open for reading.</summary>
    public sealed record LogOpened(OffsetLog Log);

    /// <summary>
    /// From the LogActor: the log can't be opened. A retry succeeds only after an operator removes the cause.
    /// </summary>
    public sealed record LogNotOpened(Exception Cause);

    /// <summary>From the ViewCoordinatorActor: the views are started.</summary>
    public sealed record ViewsStarted;

    /// <summary>From a view, a rebuild or the log: the log is damaged at or below the head.</summary>
    public sealed record DamageFound(Offset Offset, string Text);

    /// <summary>
    /// Reject appends, finish accepted ones, checkpoint the views and close; then the IdentityActor stops.
    /// </summary>
    public sealed record Close;
}
