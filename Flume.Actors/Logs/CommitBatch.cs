using Flume.Log;
using Flume.Ssb.Api;

namespace Flume.Actors;

/// <summary>Appends that one write commits.</summary>
/// <param name="Payloads">All payloads, in order.</param>
/// <param name="Durability">The strongest durability that an append requests.</param>
/// <param name="Callers">The callers, each with the number of its payloads, in the order of the payloads.</param>
internal sealed record CommitBatch<TCaller>(
    IReadOnlyList<ReadOnlyMemory<byte>> Payloads,
    Durability Durability,
    IReadOnlyList<(TCaller Caller, int Count)> Callers)
{
    /// <summary>The answer to each caller, with the offsets of its own payloads.</summary>
    public IEnumerable<(TCaller Caller, Appended Appended)> Answers(AppendResult result)
    {
        int start = 0;
        foreach ((TCaller caller, int count) in Callers)
        {
            var own = new Offset[count];
            for (int i = 0; i < count; i++) own[i] = result.Offsets[start + i];
            start += count;
            yield return (caller, new Appended(own, result.Head));
        }
    }
}
