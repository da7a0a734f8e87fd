using Flume.Log;
using Flume.Ssb.Api;

namespace Flume.Actors;

/// <summary>Appends that go to the disk in one write.</summary>
/// <param name="Payloads">All payloads, in order.</param>
/// <param name="Durability">The strongest asked for.</param>
/// <param name="Callers">Whom to answer, each with the number of its payloads, in the order of the payloads.</param>
internal sealed record CommitBatch<TCaller>(
    IReadOnlyList<ReadOnlyMemory<byte>> Payloads, Durability Durability, IReadOnlyList<(TCaller Caller, int Count)> Callers)
{
    /// <summary>Each caller's own offsets, cut out of the group's.</summary>
    public IEnumerable<(TCaller Caller, Appended Appended)> Answers(AppendResult result)
    {
        int at = 0;
        foreach ((TCaller caller, int count) in Callers)
        {
            var own = new Offset[count];
            for (int i = 0; i < count; i++) own[i] = result.Offsets[at + i];
            at += count;
            yield return (caller, new Appended(own, result.Head));
        }
    }
}
