using Flume.Log;

namespace Flume.Ssb.Api;

/// <summary>Under which conditions payloads are appended.</summary>
/// <param name="Durability">How durable they are when the append is answered.</param>
public readonly record struct AppendTerms(Durability Durability)
{
    /// <summary>
    /// The head that the caller knows: the log's writer appends only if no record lies behind it, else it rejects with
    /// <see cref="AppendRejection.HeadMoved"/>. Null appends behind any head.
    /// </summary>
    public Offset? ExpectedHead { get; init; }

    /// <summary>Appends only behind this head: optimistic concurrency over the whole log.</summary>
    /// <param name="head">
    /// The head that the caller's decision rests on; <see cref="Offset.None"/> for an empty log.
    /// </param>
    /// <param name="durability">How durable the payloads are when the append is answered.</param>
    public static AppendTerms Expecting(Offset head, Durability durability = Durability.Fsync) =>
        new(durability) { ExpectedHead = head };

    /// <summary>
    /// With a rejection for a moved head, the writer holds the appends of other callers back for a short time: the next
    /// append with an expected head finds the log as the rejection left it.
    /// </summary>
    public bool HoldsOthers { get; init; }
}
