using Akka.Actor;
using Flume.Log;
using Flume.Ssb.Api;

namespace Flume.Actors.Protocol;

/// <summary>What is said to the LogActor, and what it answers.</summary>
internal static class LogProtocol
{
    /// <summary>Append payloads next to each other; answered by <see cref="Appended"/>, a refusal or a failure.</summary>
    /// <remarks>The sender leaves the bytes alone until it has the answer.</remarks>
    public sealed record Append(IReadOnlyList<ReadOnlyMemory<byte>> Payloads, AppendTerms Terms)
    {
        /// <summary>Appends behind any head.</summary>
        public Append(IReadOnlyList<ReadOnlyMemory<byte>> payloads, Durability durability)
            : this(payloads, new AppendTerms(durability))
        {
        }

        /// <summary>How durable the payloads are when the append is answered.</summary>
        public Durability Durability => Terms.Durability;
    }

    /// <summary>Zero one record in place; answered by <see cref="Deleted"/>, a refusal or a failure.</summary>
    public sealed record Delete(Offset Offset);

    /// <summary>Zero a record of which a power loss left a part; answered as <see cref="Delete"/> is.</summary>
    public sealed record FinishDelete(Offset Offset);

    /// <summary>The record is zeros now.</summary>
    public sealed record Deleted(Offset Offset);

    /// <summary>Open the writer again after a failure; answered by <see cref="Reopened"/> or a refusal.</summary>
    public sealed record Reopen;

    /// <summary>The log takes appends again.</summary>
    public sealed record Reopened(Offset Head);

    /// <summary>Surely nothing was written.</summary>
    public sealed record AppendRejected(AppendRejection Rejection, string Text);

    /// <summary>Some of it may have been written.</summary>
    public sealed record AppendFailed(string Text, Exception Cause);

    /// <summary>
    /// Say when the head lies beyond an offset (exclusive); answered by <see cref="HeadAdvanced"/>. An asker has one
    /// question open: the next one replaces it.
    /// </summary>
    /// <param name="Beyond">The asker knows the log up to here.</param>
    /// <param name="Token">Comes back in the answer.</param>
    public sealed record AwaitHead(Offset Beyond, long Token);

    /// <summary>The news of an append; the entries themselves are read from the log.</summary>
    public sealed record HeadAdvanced(Offset Head, long Token);

    /// <summary>Answered by <see cref="LogStatus"/>. Being looked at keeps no identity open.</summary>
    public sealed record GetLogStatus : INotInfluenceReceiveTimeout;

    /// <summary>Refuse appends from now on, because the log was found damaged.</summary>
    public sealed record TurnReadOnly(string Reason);

    /// <summary>Refuse appends from now on and finish those taken; answered by <see cref="Drained"/>.</summary>
    public sealed record Drain;

    /// <summary>Every append that was taken is written and answered.</summary>
    public sealed record Drained;
}
