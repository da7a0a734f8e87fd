using Flume.Query.Json;

namespace Flume.Query.MapFilterReduce.Planning;

/// <summary>
/// The complete read of an index for a query: exact values of the first fields, and an optional set for the next field.
/// </summary>
/// <remarks>
/// An index entry is read if its first fields equal one of <see cref="Starts"/> and its next field is in <see
/// cref="Next"/>. The entries of one start are in index order; several starts are merged by the fields after them.
/// </remarks>
public sealed class IndexAccess
{
    private const int StartsMax = 1024;

    private static readonly Comparer<byte[]> KeyOrder =
        Comparer<byte[]>.Create(static (a, b) => a.AsSpan().SequenceCompareTo(b));

    private static readonly JsValue AnObject = JsValue.From(new JsObject());

    private IndexAccess(IndexDefinition index, IReadOnlyList<IReadOnlyList<JsValue>> starts, KeySet? next)
    {
        Index = index;
        Starts = starts;
        Next = next;
    }

    /// <summary>The index to read.</summary>
    public IndexDefinition Index { get; }

    /// <summary>The exact values of the first fields, ascending; one empty list if no field is exact.</summary>
    public IReadOnlyList<IReadOnlyList<JsValue>> Starts { get; }

    /// <summary>
    /// The possible values of the field after the exact ones; null if all values are possible or no field is left.
    /// </summary>
    public KeySet? Next { get; }

    /// <summary>The number of exact fields.</summary>
    public int ExactFields => Starts.Count == 0 ? 0 : Starts[0].Count;

    /// <summary>True if the access reads less than the whole index.</summary>
    public bool IsSelective => ExactFields > 0 || Next is not null || Starts.Count == 0;

    /// <summary>
    /// JavaScript's score for these fields (exact 2, range 1); more filters count as exact here.
    /// </summary>
    public int Score
    {
        get
        {
            int score = 0;
            for (int i = 0; i < ExactFields; i++) score = (score * score) + 2;
            return Next is null ? score : (score * score) + 1;
        }
    }

    /// <summary>The access to an index that the facts permit.</summary>
    public static IndexAccess Of(IndexDefinition index, FilterFacts facts)
    {
        List<IReadOnlyList<JsValue>> starts = [[]];
        int field = 0;
        for (; field < index.Fields.Count; field++)
        {
            IReadOnlyList<JsValue>? points = Keys(index, facts, field)?.Points;
            if (points is null || points.Count * starts.Count > StartsMax) break;
            starts = [.. starts.SelectMany(_ => points, (start, point) => (IReadOnlyList<JsValue>)[.. start, point])];
        }

        if (starts.Count > 1) starts = [.. starts.OrderBy(start => CharwiseKey.Of([.. start]), KeyOrder)];
        KeySet? next = field < index.Fields.Count ? Keys(index, facts, field) : null;
        return new IndexAccess(index, starts, next);
    }

    /// <summary>
    /// True if the index may lack a record that can pass, because one of the record's fields holds an object. The
    /// fields of <paramref name="order"/>, the index that orders the results, hold none.
    /// </summary>
    public static bool MissesObjects(IndexDefinition index, FilterFacts facts, IndexDefinition? order)
    {
        foreach (FieldPath field in index.Fields)
        {
            if (facts[field].Contains(AnObject) && order?.Fields.Contains(field) != true) return true;
        }

        return false;
    }

    /// <summary>True for an entry to read, given its fields in the order of the index.</summary>
    public bool Contains(IReadOnlyList<JsValue> entry)
    {
        if (Next is not null && !Next.Contains(entry[ExactFields])) return false;
        foreach (IReadOnlyList<JsValue> start in Starts)
        {
            int same = 0;
            while (same < start.Count && CharwiseComparer.Instance.Compare(start[same], entry[same]) == 0) same++;
            if (same == start.Count) return true;
        }

        return false;
    }

    /// <summary>The access in the form of <c>explain</c>.</summary>
    public JsValue ToJs()
    {
        JsObject shown = new JsObject().Set("index", JsValue.From(Index.Key));
        if (ExactFields > 0)
            shown.Set("starts", JsValue.From(new JsArray(Starts.Select(start => JsValue.From(new JsArray(start))))));
        if (Next is not null) shown.Set("next", JsValue.From(new JsArray(Next.Intervals.Select(Show))));
        return JsValue.From(shown);
    }

    /// <summary>Null if the field can be missing: the index may lack such records.</summary>
    private static KeySet? Keys(IndexDefinition index, FilterFacts facts, int field)
    {
        KeySet keys = facts[index.Fields[field]];
        return keys.Contains(JsValue.Undefined) ? null : keys;
    }

    private static JsValue Show(KeyInterval interval) => JsValue.From(new JsObject()
        .Set(interval.LowerInclusive ? "gte" : "gt", interval.Lower)
        .Set(interval.UpperInclusive ? "lte" : "lt", interval.Upper));
}
