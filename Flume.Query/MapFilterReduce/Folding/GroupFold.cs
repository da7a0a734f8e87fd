using Flume.Query.Json;
using Flume.Query.MapFilterReduce.Reduce;
using Flume.Query.MapFilterReduce.Rules;

namespace Flume.Query.MapFilterReduce.Folding;

/// <summary>An incremental <c>$reduce</c>: the groups are stored as bytes between two items.</summary>
/// <remarks>
/// A group's bytes are a pure function of its items, in their order. An item with an object in its key belongs to no
/// group, because the query cannot order two such groups.
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

    /// <summary>False if there is only one group with all items.</summary>
    public bool HasKeys => _keys.Length > 0;

    /// <summary>Compiles the stage <c>{$reduce: …}</c>.</summary>
    /// <exception cref="QueryException">The stage is not a $reduce, or can't be continued from stored
    /// bytes.</exception>
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

    /// <summary>The bytes that identify the item's group; false if it belongs to none.</summary>
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

    /// <summary>A new group without items, with the given limits.</summary>
    public Accumulator[] Start(QueryLimits limits)
    {
        HeldItems held = new(limits);
        Accumulator[] started = new Accumulator[_reducers.Length];
        for (int i = 0; i < started.Length; i++)
            started[i] = _shape is null ? _reducers[i].StartStage(held) : _reducers[i].Start(held);
        return started;
    }

    /// <summary>Restores a group from the bytes of <see cref="Save"/>.</summary>
    public Accumulator[] Resume(ReadOnlySpan<byte> state, QueryLimits limits)
    {
        Accumulator[] group = Start(limits);
        JsValue[] kept = new JsValue[group.Length];
        ValueBytes.Read(state, kept);
        for (int i = 0; i < group.Length; i++) group[i].Resume(kept[i]);
        return group;
    }

    /// <summary>The state of a group, as bytes.</summary>
    public static ReadOnlySpan<byte> Save(Accumulator[] group)
    {
        JsValue[] kept = new JsValue[group.Length];
        for (int i = 0; i < kept.Length; i++) kept[i] = group[i].Kept;
        return ValueBytes.Write(kept);
    }

    /// <summary>The results of groups in any order, in the order of the stage: groups in typewise order.</summary>
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
