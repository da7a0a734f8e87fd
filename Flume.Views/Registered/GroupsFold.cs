using System.Buffers.Binary;
using Flume.Query.Json;
using Flume.Query.MapFilterReduce;
using Flume.Query.MapFilterReduce.Folding;
using Flume.Query.MapFilterReduce.Reduce;
using Flume.Views.Records;
using Flume.Views.Store;

namespace Flume.Views.Registered;

/// <summary>The groups of one declared view. The store has all groups; memory has those changed recently.</summary>
/// <remarks>
/// 1. A group in memory consists of its committed row and the later changes.
/// 2. At most <see cref="KeptMax"/> groups stay in memory after a commit.
/// </remarks>
internal sealed class GroupsFold(GroupsView view, IViewStore store) : RowFold
{
    private const int KeptMax = 4096;

    private readonly GroupFold _fold = view.Query.Fold!;
    private readonly QueryLimits _perGroup = new(HeldBytesMax: view.Limits.GroupBytesMax)
    {
        BytesKey = "flume.views.registered.group-bytes-max",
    };
    private readonly Dictionary<byte[], Touched> _groups = new(KeyComparer.Instance);
    private readonly List<byte[]> _changed = [];
    private IViewReader? _committed;
    private long _count = -1;

    /// <inheritdoc/>
    public override void Apply(DecodedRecord message, long offset)
    {
        PipelineRun run = view.Query.Before.Start();
        run.Push(GroupsView.Kept(message));
        if (!run.TryTake(out JsValue item) || !_fold.TryKey(item, out byte[] key)) return;
        Touched group = Find(key);
        foreach (Accumulator accumulator in group.Accumulators) Add(accumulator, item, offset);
        if (!group.IsChanged) _changed.Add(key);
        group.ChangedAt = offset;
        group.IsChanged = true;
    }

    /// <inheritdoc/>
    public override void WriteTo(RowSink rows)
    {
        foreach (byte[] key in _changed)
        {
            Touched group = _groups[key];
            rows.Put([RegisteredRows.Group, .. key],
                RegisteredRows.Changed(group.ChangedAt, GroupFold.Save(group.Accumulators)));
            group.IsChanged = false;
        }
        if (_changed.Count > 0) rows.Put(RegisteredRows.Count, Bytes(_count));
        _changed.Clear();
        if (_groups.Count > KeptMax) _groups.Clear();
        _committed?.Dispose();
        _committed = null;
    }

    private void Add(Accumulator accumulator, in JsValue item, long offset)
    {
        try
        {
            accumulator.Add(item);
        }
        catch (QueryLimitException full)
        {
            throw new ViewLimitException(
                $"View '{view.Name}' cannot apply the record at {offset}: {full.Message} " +
                "The limit is flume.views.registered.group-bytes-max.");
        }
    }

    private Touched Find(byte[] key)
    {
        if (_groups.TryGetValue(key, out Touched? found)) return found;
        _committed ??= store.OpenReader();
        if (_count < 0)
            _count = _committed.TryGet(RegisteredRows.Count, out byte[] count)
                ? RegisteredRows.OffsetOf(count).Value
                : 0;
        if (_committed.TryGet([RegisteredRows.Group, .. key], out byte[] row))
            found = new Touched(_fold.Resume(row.AsSpan(RegisteredRows.OffsetBytes), _perGroup));
        else found = StartGroup();
        _groups.Add(key, found);
        return found;
    }

    private Touched StartGroup()
    {
        if (_count == view.Limits.GroupsMax)
        {
            throw new ViewLimitException(
                $"View '{view.Name}' has {_count} groups, the maximum of flume.views.registered.groups-max. " +
                "Reduce by fewer keys, filter before, or raise the limit and resume the view.");
        }
        _count++;
        return new Touched(_fold.Start(_perGroup));
    }

    private static byte[] Bytes(long count)
    {
        byte[] bytes = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(bytes, count);
        return bytes;
    }

    /// <summary>A group in memory.</summary>
    private sealed class Touched(Accumulator[] accumulators)
    {
        public Accumulator[] Accumulators { get; } = accumulators;

        public long ChangedAt { get; set; }

        public bool IsChanged { get; set; }
    }

    /// <summary>Compares keys by their bytes.</summary>
    private sealed class KeyComparer : IEqualityComparer<byte[]>
    {
        public static readonly KeyComparer Instance = new();

        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode(byte[] key)
        {
            HashCode hash = default;
            hash.AddBytes(key);
            return hash.ToHashCode();
        }
    }
}
