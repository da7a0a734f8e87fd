using System.IO.Hashing;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Text;
using Flume.Query.Json;

namespace Flume.Query.MapFilterReduce.Reduce;

/// <summary>One group of a <c>$reduce</c>: its keys and its accumulators.</summary>
internal sealed class Group(JsValue[] keys, uint hash, Group? next)
{
    /// <summary>The key tuple, independent of its first record.</summary>
    public JsValue[] Keys { get; } = keys;

    /// <summary>The tuple's hash.</summary>
    public uint Hash { get; } = hash;

    /// <summary>The next group in the same bucket.</summary>
    public Group? Next { get; set; } = next;

    /// <summary>One accumulator for each accumulating leaf.</summary>
    public Accumulator[] Accumulators { get; set; } = [];
}

/// <summary>The groups of a <c>$reduce</c>, found by key tuple.</summary>
/// <remarks>
/// 1. Two tuples are one group if they are equal in typewise order; an object equals nothing, not even itself.
/// 2. Hashes have a seed per process, so that no log can force collisions.
/// </remarks>
internal sealed class GroupTable(int width)
{
    private const int StackBytes = 256;

    private static readonly long Seed = Random.Shared.NextInt64();

    private readonly List<Group> _groups = [];
    private Group?[] _buckets = new Group?[16];
    private Group? _withObject;

    /// <summary>Finds or adds the group of a tuple; the caller may overwrite the tuple afterwards.</summary>
    /// <exception cref="QueryException">Two tuples differ only in objects, which cannot be compared.</exception>
    public Group FindOrAdd(JsValue[] tuple, out bool added)
    {
        uint hash = 0;
        for (int i = 0; i < width; i++) hash = Mix(hash, Hash(tuple[i]));
        ref Group? bucket = ref _buckets[hash & (uint)(_buckets.Length - 1)];
        for (Group? group = bucket; group is not null; group = group.Next)
        {
            added = false;
            if (group.Hash == hash && Same(group.Keys, tuple)) return group;
        }

        added = true;
        bucket = new Group(Own(tuple), hash, bucket);
        Group made = bucket;
        _groups.Add(made);
        CheckObjects(made);
        if (_groups.Count > _buckets.Length) Grow();
        return made;
    }

    /// <summary>All groups, in typewise order of their tuples.</summary>
    /// <exception cref="QueryException">Two keys cannot be ordered because of an object.</exception>
    public List<Group> InOrder()
    {
        StableSort.Sort(_groups, Compare);
        return _groups;
    }

    private int Compare(Group a, Group b)
    {
        for (int i = 0; i < width; i++)
        {
            int order = Typewise.Compare(a.Keys[i], b.Keys[i]);
            if (order != 0) return order;
        }

        return 0;
    }

    /// <summary>
    /// Objects never match, so each would be its own group: the second one fails here, not at the end.
    /// </summary>
    private void CheckObjects(Group made)
    {
        foreach (JsValue key in made.Keys)
        {
            if (!Typewise.HasObject(key)) continue;
            if (_withObject is not null) Compare(_withObject, made);
            _withObject = made;
            return;
        }
    }

    private void Grow()
    {
        _buckets = new Group?[_buckets.Length * 4];
        foreach (Group group in _groups)
        {
            ref Group? bucket = ref _buckets[group.Hash & (uint)(_buckets.Length - 1)];
            group.Next = bucket;
            bucket = group;
        }
    }

    private bool Same(JsValue[] keys, JsValue[] tuple)
    {
        for (int i = 0; i < width; i++)
            if (!Same(keys[i], tuple[i])) return false;
        return true;
    }

    private static bool Same(in JsValue a, in JsValue b) => a.IsArray
        ? b.IsArray && !Typewise.HasObject(a) && !Typewise.HasObject(b) && Typewise.Compare(a, b) == 0
        : !a.IsObject && a.Equals(b);

    private static JsValue[] Own(JsValue[] tuple)
    {
        var keys = new JsValue[tuple.Length];
        for (int i = 0; i < keys.Length; i++)
        {
            keys[i] = tuple[i].Kind switch
            {
                JsKind.String => JsValue.From(tuple[i].AsString),
                JsKind.Number => JsValue.From(tuple[i].AsNumber),
                _ => tuple[i],
            };
        }

        return keys;
    }

    private static uint Mix(uint sum, uint next) => BitOperations.RotateLeft(sum, 5) * 31 + next;

    private static uint Hash(in JsValue value)
    {
        switch (value.Kind)
        {
            case JsKind.String: return HashText(value);
            case JsKind.Number: return (uint)(value.AsNumber + 0.0).GetHashCode();
            case JsKind.Boolean: return value.AsBoolean ? 1u : 2u;
            case JsKind.Object: return (uint)RuntimeHelpers.GetHashCode(value.AsObject);
            case JsKind.Array:
                uint sum = 3;
                foreach (JsValue item in value.AsArray) sum = Mix(sum, item.IsArray ? 4u : Hash(item));
                return sum;
            default: return (uint)value.Kind + 5;
        }
    }

    private static uint HashText(in JsValue value)
    {
        if (value.TryGetPlain(out ReadOnlySpan<byte> plain)) return (uint)XxHash3.HashToUInt64(plain, Seed);
        string text = value.AsString;
        Span<byte> utf8 = text.Length * 3 <= StackBytes ? stackalloc byte[StackBytes] : new byte[text.Length * 3];
        return (uint)XxHash3.HashToUInt64(utf8[..Encoding.UTF8.GetBytes(text, utf8)], Seed);
    }
}
