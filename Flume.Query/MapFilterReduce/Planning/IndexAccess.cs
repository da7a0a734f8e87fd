using Flume.Query.Json;

namespace Flume.Query.MapFilterReduce.Planning;

/// <summary>
/// How to read an index so that no record is missed: some exact starts, and perhaps a set for the field behind.
/// </summary>
/// <remarks>
/// An entry of the index is wanted when its first fields equal one of <see cref="Starts"/> and the next field is in
/// <see cref="Next"/>. Within one start entries come in index order; several starts are merged by the fields behind.
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

    /// <summary>The exact values of the first fields, ascending; one empty list when no field is exact.</summary>
    public IReadOnlyList<IReadOnlyList<JsValue>> Starts { get; }

    /// <summary>
    /// What the field behind the exact ones can hold; null when that is anything, or no field is left.
    /// </summary>
    public KeySet? Next { get; }

    /// <summary>How many of the index's fields are exact.</summary>
    public int ExactFields => Starts.Count == 0 ? 0 : Starts[0].Count;

    /// <summary>True when it asks for less than the whole index.</summary>
    public bool IsSelective => ExactFields > 0 || Next is not null || Starts.Count == 0;

    /// <summary>
    /// JavaScript's score for such fields (exact 2, range 1), though more filters count as exact here.
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

    /// <summary>The access to an index that the facts allow.</summary>
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
    /// True when a record can pass that the index lacks, for the object in one of its fields; the fields of
    /// <paramref name="order"/>, the index in whose order results come, hold none.
    /// </summary>
    public static bool MissesObjects(IndexDefinition index, FilterFacts facts, IndexDefinition? order)
    {
        foreach (FieldPath field in index.Fields)
        {
            if (facts[field].Contains(AnObject) && order?.Fields.Contains(field) != true) return true;
        }

        return false;
    }

    /// <summary>True for an entry to read, given the fields it has in the index, in its order.</summary>
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

    /// <summary>The access as an explanation shows it.</summary>
    public JsValue ToJs()
    {
        JsObject shown = new JsObject().Set("index", JsValue.From(Index.Key));
        if (ExactFields > 0)
            shown.Set("starts", JsValue.From(new JsArray(Starts.Select(start => JsValue.From(new JsArray(start))))));
        if (Next is not null) shown.Set("next", JsValue.From(new JsArray(Next.Intervals.Select(Show))));
        return JsValue.From(shown);
    }

    /// <summary>Null when the field can be missing: such records may not be in the index.</summary>
    private static KeySet? Keys(IndexDefinition index, FilterFacts facts, int field)
    {
        KeySet keys = facts[index.Fields[field]];
        return keys.Contains(JsValue.Undefined) ? null : keys;
    }

    private static JsValue Show(KeyInterval interval) => JsValue.From(new JsObject()
        .Set(interval.LowerInclusive ? "gte" : "gt", interval.Lower)
        .Set(interval.UpperInclusive ? "lte" : "lt", interval.Upper));
}
