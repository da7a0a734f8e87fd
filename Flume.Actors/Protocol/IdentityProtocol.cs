using Flume.Log;

namespace Flume.Actors.Protocol;

/// <summary>What is said to an identity as a whole, and what its parts report to it.</summary>
internal static class IdentityProtocol
{
    /// <summary>Open the identity if it sleeps; answered by <see cref="Activated"/> or <see cref="NotActivated"/>.</summary>
    public sealed record Activate;

    /// <summary>The log and the views are open.</summary>
    public sealed record Activated;

    /// <summary>The identity can't be opened: what was tried and why it failed.</summary>
    public sealed record NotActivated(string Text, Exception? Cause);

    /// <summary>From the log: it is open, and here it is, for reading.</summary>
    public sealed record LogOpened(OffsetLog Log);

    /// <summary>From the log: it can't be opened, and trying again will not help before an operator has acted.</summary>
    public sealed record LogNotOpened(Exception Cause);

    /// <summary>From the views: they are started.</summary>
    public sealed record ViewsStarted;

    /// <summary>From a view or a rebuild: the log is damaged at or below the head.</summary>
    public sealed record DamageFound(Offset Offset, string Text);

    /// <summary>Refuse appends, finish those taken, checkpoint the views, close; then the identity stops.</summary>
    public sealed record Close;
}
