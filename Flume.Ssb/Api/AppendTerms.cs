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

    /// <summary>
    /// With a rejection for a moved head, the writer holds the appends of other callers back for a short time: the next
    /// append with an expected head finds the log as the rejection left it.
    /// </summary>
    public bool HoldsOthers { get; init; }
}
