using Flume.Log;
using Flume.Query.Json;
using Flume.Query.MapFilterReduce.Planning;
using Flume.Ssb.Reading;
using Flume.Views.Store;

namespace Flume.Ssb.Queries;

/// <summary>
/// What differs between the calls that run map-filter-reduce: what an entry is, and which postings lead to it.
/// </summary>
/// <remarks>
/// An entry is what JavaScript's view indexes: a message, or one link of a message. The fields of an
/// <see cref="IndexDefinition"/> are read from it.
/// </remarks>
internal abstract class QueryModel(string view, IReadOnlyList<IndexDefinition> indexes, IndexDialect dialect)
{
    /// <summary>The view whose postings are read.</summary>
    internal string View { get; } = view;

    /// <summary>JavaScript's indexes, in the order that decides ties.</summary>
    internal IReadOnlyList<IndexDefinition> Indexes { get; } = indexes;

    /// <summary>Chooses among them.</summary>
    internal IndexSelector Selector { get; } = new(indexes, dialect);

    /// <summary>Indexes of ours in the order of the log, for what JavaScript answers by a scan.</summary>
    internal virtual IReadOnlyList<IndexDefinition> LogOrdered => [];

    /// <summary>
    /// Indexes of ours with a posting for every record that has their fields, in no order that a query could ask for.
    /// </summary>
    internal virtual IReadOnlyList<IndexDefinition> Lookups => [];

    /// <summary>
    /// True when entries with different keys can share a sort key: they have to be sorted among each other.
    /// </summary>
    internal virtual bool IsCoarse => false;

    /// <summary>True when every posting of an index is one entry, so that counting postings counts entries.</summary>
    internal virtual bool CountsByPostings => true;

    /// <summary>
    /// The index that has a posting for every entry of every message, by its key; null when none has.
    /// </summary>
    internal virtual string? CountsAll => null;

    /// <summary>True when a live query, and one without an index, has a marker between old and live.</summary>
    internal virtual bool MarksScans => false;

    /// <summary>
    /// Postings that hold every record with an entry, where that is clearly less than the log; null for the log.
    /// </summary>
    internal virtual (byte Index, PostingRange Range)? Everything => null;

    /// <summary>
    /// The entries of a message as the stages see them: through an index, or by a scan of the log (null). Those through
    /// an index have every field of it.
    /// </summary>
    /// <param name="message">The message, opened where possible.</param>
    /// <param name="index">The index in whose order they are read.</param>
    internal abstract IEnumerable<JsValue> Entries(JsValue message, IndexDefinition? index);

    /// <summary>
    /// The entries of a message that can pass a plan's filter, or some more: cheaper where that shows early.
    /// </summary>
    internal virtual IEnumerable<JsValue> Matching(JsValue message, QueryPlan plan) => Entries(message, plan.Index);

    /// <summary>
    /// The entries that a posting of the plan's index led to; cheaper than all of their message where the posting says
    /// which it is. None of a record that was deleted.
    /// </summary>
    /// <param name="plan">The plan; it has an index.</param>
    /// <param name="reader">Reads the message, opened where possible.</param>
    /// <param name="start">The exact first fields that led to the posting.</param>
    /// <param name="posting">The posting; its sort key is the index's last field.</param>
    internal virtual IEnumerable<JsValue> Entries(
        QueryPlan plan, MessageReader reader, IReadOnlyList<JsValue> start, Posting posting) =>
        reader.TryOpened(new Offset(posting.Offset), out JsValue message) ? Entries(message, plan.Index) : [];

    /// <summary>The postings that a plan asks for, in the order of its index; null when ours have no such order.</summary>
    internal virtual List<KeyRanges.Part>? InOrder(QueryPlan plan) =>
        plan.Access is null ? null : KeyRanges.Of(this, plan.Access);

    /// <summary>
    /// Where the postings of an index with these exact first fields are: the index byte, and A. False when our rows
    /// have no such order.
    /// </summary>
    internal abstract bool TryPlace(IndexDefinition index, IReadOnlyList<JsValue> start, out PostingPlace place);
}

/// <summary>A posting list: an index of the view, and the fingerprint of its exact fields.</summary>
/// <param name="Index">The view's index.</param>
/// <param name="A">The fingerprint of the exact fields, 0 for none.</param>
internal readonly record struct PostingPlace(byte Index, ulong A)
{
    /// <summary>The postings of this list whose sort key lies between two, both inclusive.</summary>
    internal PostingRange Between(ulong low, ulong high) => PostingRange.Exact(A, low, high);
}
