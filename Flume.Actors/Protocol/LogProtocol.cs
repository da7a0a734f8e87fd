using Akka.Actor;
using Flume.Log;
using Flume.Ssb.Api;

namespace Flume.Actors.Protocol;

/// <summary>Messages to the LogActor, and its answers.</summary>
internal static class LogProtocol
{
    /// <summary>
    /// Append payloads next to each other; answered by <see cref="Appended"/>, <see cref="AppendRejected"/> or
    /// <see cref="AppendFailed"/>.
    /// </summary>
    /// <remarks>The sender must not change the bytes before it has the answer.</remarks>
    public sealed record Append(IReadOnlyList<ReadOnlyMemory<byte>> Payloads, AppendTerms Terms)
    {
        /// <summary>Appends after any head.</summary>
        public Append(IReadOnlyList<ReadOnlyMemory<byte>> payloads, Durability durability)
            : this(payloads, new AppendTerms(durability))
        {
        }

        /// <summary>The durability of the payloads when the answer is sent.</summary>
        public Durability Durability => Terms.Durability;
    }

    /// <summary>
    /// Zero one record in place; answered by <see cref="Deleted"/>, <see cref="AppendRejected"/> or
    /// <see cref="AppendFailed"/>.
    /// </summary>
    public sealed record Delete(Offset Offset);

    /// <summary>
    /// Zero the rest of a record whose delete a power loss tore; answered as <see cref="Delete"/> is.
    /// </summary>
    public sealed record FinishDelete(Offset Offset);

    /// <summary>The record is zeroed.</summary>
    public sealed record Deleted(Offset Offset);

    /// <summary>
    /// Open the writer again after a failure; answered by <see cref="Reopened"/> or <see cref="AppendRejected"/>.
    /// </summary>
    public sealed record Reopen;

    /// <summary>The log accepts appends again.</summary>
    public sealed record Reopened(Offset Head);

    /// <summary>Surely nothing was written.</summary>
    public sealed record AppendRejected(AppendRejection Rejection, string Text)
    {
        /// <summary>The head that was not the expected one; null for other rejections.</summary>
        public Offset? Head { get; init; }
    }

    /// <summary>The write failed, or its outcome is unknown: it may have happened in part.</summary>
    public sealed record AppendFailed(string Text, Exception? Cause);

    /// <summary>
    /// Notify the sender when the head exceeds an offset (exclusive); answered by <see cref="HeadAdvanced"/>. A sender
    /// has at most one open request: a new one replaces it.
    /// </summary>
    /// <param name="Beyond">The last offset that the sender has processed.</param>
    /// <param name="Token">Returned in the answer.</param>
    public sealed record AwaitHead(Offset Beyond, long Token);

    /// <summary>The head advanced. The receiver reads the entries from the log.</summary>
    public sealed record HeadAdvanced(Offset Head, long Token);

    /// <summary>
    /// Answered by <see cref="LogStatus"/>. The request does not delay the idle close of the identity.
    /// </summary>
    public sealed record GetLogStatus : INotInfluenceReceiveTimeout;

    /// <summary>Reject appends from now on, because the log is damaged.</summary>
    public sealed record TurnReadOnly(string Reason);

    /// <summary>Reject appends from now on and finish accepted ones; answered by <see cref="Drained"/>.</summary>
    public sealed record Drain;

    /// <summary>Every accepted append is written and answered.</summary>
    public sealed record Drained;
}
