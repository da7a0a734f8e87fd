using Flume.Log;

namespace Flume.Torture.Power;

/// <summary>What was asked of a log and what was acknowledged, each with the step of the disk at that moment.</summary>
internal sealed class LogBook
{
    private readonly Dictionary<long, (int Step, byte[] Payload)> _durable = [];
    private readonly Dictionary<long, List<byte[]>> _sent = [];
    private readonly List<(int Step, long Offset)> _deleteTried = [];
    private readonly List<(int Step, long Offset)> _deleteDurable = [];

    /// <summary>
    /// Everything that was ever sent to an offset: what a failed append left is cut, and others follow there.
    /// </summary>
    public IReadOnlyDictionary<long, List<byte[]>> Sent => _sent;

    public void Send(long offset, byte[] payload)
    {
        if (!_sent.TryGetValue(offset, out List<byte[]>? alternatives)) _sent[offset] = alternatives = [];
        alternatives.Add(payload);
    }

    /// <summary>These records are durable from this step on.</summary>
    public void Durable(int step, IEnumerable<KeyValuePair<long, byte[]>> records)
    {
        foreach ((long offset, byte[] payload) in records) _durable.TryAdd(offset, (step, payload));
    }

    public void DeleteTried(int step, long offset) => _deleteTried.Add((step, offset));

    public void DeleteDurable(int step, long offset) => _deleteDurable.Add((step, offset));

    /// <summary>The records that were durable when the disk had done so many steps.</summary>
    public Dictionary<long, byte[]> DurableAt(int step) =>
        _durable.Where(one => one.Value.Step <= step).ToDictionary(one => one.Key, one => one.Value.Payload);

    /// <summary>Offsets of which a delete had begun.</summary>
    public HashSet<long> DeleteTriedAt(int step) => At(_deleteTried, step);

    /// <summary>Offsets whose delete was durable.</summary>
    public HashSet<long> DeleteDurableAt(int step) => At(_deleteDurable, step);

    private static HashSet<long> At(List<(int Step, long Offset)> list, int step) =>
        [.. list.Where(one => one.Step <= step).Select(one => one.Offset)];
}
