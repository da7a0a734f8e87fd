using Flume.Query.Json;
using Flume.Query.MapFilterReduce.Reduce;
using Flume.Query.MapFilterReduce.Rules;

namespace Flume.Query.MapFilterReduce.Folding;

/// <summary>A <c>$reduce</c> that goes on where it stopped: the groups are kept as bytes between two items.</summary>
/// <remarks>
/// A group's bytes are a pure function of the items that fell into it, in their order. An item whose key holds an
/// object belongs to no group: the query itself could put no two such groups in order.
/// </remarks>
internal sealed class GroupFold
{
    private readonly Rule[] _keys;
    private readonly Reducer[] _reducers;
    private readonly ReduceShape? _shape;

    private GroupFold(Rule[] keys, Reducer[] reducers, ReduceShape? shape)
    {
        _keys = keys;
        _reducers = reducers;
        _shape = shape;
    }

    /// <summary>False when there is but one group, of every item.</summary>
    public bool HasKeys => _keys.Length > 0;

    /// <summary>Compiles the stage <c>{$reduce: …}</c>.</summary>
    /// <exception cref="QueryException">It is none, or one that can't be gone on with.</exception>
    public static GroupFold Compile(in JsValue stage)
    {
        GroupFold fold = RuleCompiler.Make(stage) switch
        {
            TableReducer table => new(table.Keys, table.Reducers, table.Shape),
            Reducer one => new([], [one], null),
            _ => throw new QueryException($"could not process:{stage.ToJson()}"),
        };
        foreach (Reducer reducer in fold._reducers)
        {
            if (reducer is TableReducer)
                throw new QueryException(
                    "A view can't keep a $reduce inside a $reduce up to date. Reduce by one list of keys.");
        }
        return fold;
    }

    /// <summary>The bytes that tell the item's group from others; false when it belongs to none.</summary>
    public bool TryKey(in JsValue item, out byte[] key)
    {
        JsValue[] tuple = new JsValue[_keys.Length];
        key = [];
        for (int i = 0; i < tuple.Length; i++)
        {
            tuple[i] = _keys[i].Evaluate(item);
            if (tuple[i].Kind >= JsKind.Array && Typewise.HasObject(tuple[i])) return false;
        }
        key = ValueBytes.Write(tuple).ToArray();
        return true;
    }

    /// <summary>A group without items yet, which may hold as much as <paramref name="limits"/> say.</summary>
    public Accumulator[] Start(QueryLimits limits)
    {
        HeldItems held = new(limits);
        Accumulator[] started = new Accumulator[_reducers.Length];
        for (int i = 0; i < started.Length; i++)
            started[i] = _shape is null ? _reducers[i].StartStage(held) : _reducers[i].Start(held);
        return started;
    }

    /// <summary>The group that <see cref="Save"/> gave the bytes of.</summary>
    public Accumulator[] Resume(ReadOnlySpan<byte> state, QueryLimits limits)
    {
        Accumulator[] group = Start(limits);
        JsValue[] kept = new JsValue[group.Length];
        ValueBytes.Read(state, kept);
        for (int i = 0; i < group.Length; i++) group[i].Resume(kept[i]);
        return group;
    }

    /// <summary>What a group has come to, as bytes.</summary>
    public static ReadOnlySpan<byte> Save(Accumulator[] group)
    {
        JsValue[] kept = new JsValue[group.Length];
        for (int i = 0; i < kept.Length; i++) kept[i] = group[i].Kept;
        return ValueBytes.Write(kept);
    }

    /// <summary>The results of groups in any order, as the stage passes them on: groups in typewise order.</summary>
    public IEnumerable<JsValue> Results(IEnumerable<(byte[] Key, Accumulator[] Group)> groups)
    {
        List<(JsValue[] Keys, Accumulator[] Group)> all = [];
        foreach ((byte[] key, Accumulator[] group) in groups)
        {
            JsValue[] keys = new JsValue[_keys.Length];
            ValueBytes.Read(key, keys);
            all.Add((keys, group));
        }
        StableSort.Sort(all, (a, b) => Compare(a.Keys, b.Keys));
        foreach ((JsValue[] keys, Accumulator[] group) in all)
        {
            JsValue result = _shape is null ? group[0].Finish() : _shape.Build(keys, group);
            if (result.IsArray && !HasKeys)
            {
                foreach (JsValue item in result.AsArray) yield return item;
            }
            else if (!result.IsNullish || HasKeys) yield return result;
        }
    }

    private static int Compare(JsValue[] a, JsValue[] b)
    {
        for (int i = 0; i < a.Length; i++)
        {
            int order = Typewise.Compare(a[i], b[i]);
            if (order != 0) return order;
        }
        return 0;
    }
}
