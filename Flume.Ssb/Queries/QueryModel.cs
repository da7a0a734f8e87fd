using Flume.Log;
using Flume.Query.Json;
using Flume.Query.MapFilterReduce.Planning;
using Flume.Ssb.Reading;
using Flume.Views.Store;

namespace Flume.Ssb.Queries;

/// <summary>Describes the entries and postings of one call that runs map-filter-reduce.</summary>
/// <remarks>
/// An entry is the unit that JavaScript's view indexes: a message, or one link of a message. It has the fields of an
/// <see cref="IndexDefinition"/>.
/// </remarks>
internal abstract class QueryModel(string view, IReadOnlyList<IndexDefinition> indexes, IndexDialect dialect)
{
    /// <summary>The view that contains the postings.</summary>
    internal string View { get; } = view;

    /// <summary>JavaScript's indexes. Their order decides ties.</summary>
    internal IReadOnlyList<IndexDefinition> Indexes { get; } = indexes;

    /// <summary>Chooses an index.</summary>
    internal IndexSelector Selector { get; } = new(indexes, dialect);

    /// <summary>Additional indexes in log order, for queries that JavaScript answers with a scan.</summary>
    internal virtual IReadOnlyList<IndexDefinition> LogOrdered => [];

    /// <summary>Additional unordered indexes with a posting for every record that has their fields.</summary>
    internal virtual IReadOnlyList<IndexDefinition> Lookups => [];

    /// <summary>True if entries with different keys can share a sort key. Those entries must be sorted.</summary>
    internal virtual bool IsCoarse => false;

    /// <summary>True if every posting is exactly one entry, so that counting postings counts entries.</summary>
    internal virtual bool CountsByPostings => true;

    /// <summary>
    /// The key of the index that has a posting for every entry of every message; null if there is none.
    /// </summary>
    internal virtual string? CountsAll => null;

    /// <summary>True if a live query and a query without an index emit a marker between old and live results.</summary>
    internal virtual bool MarksScans => false;

    /// <summary>
    /// A range that contains every record with an entry, if it is much smaller than the log; null for the log.
    /// </summary>
    internal virtual (byte Index, PostingRange Range)? Everything => null;

    /// <summary>
    /// The entries of a message for the query stages, through an index or by a scan of the log (null). Entries through
    /// an index have all its fields.
    /// </summary>
    /// <param name="message">The message, decrypted if possible.</param>
    /// <param name="index">The index that determines the order.</param>
    internal abstract IEnumerable<JsValue> Entries(JsValue message, IndexDefinition? index);

    /// <summary>
    /// A superset of the message's entries that pass a plan's filter. An override can skip entries early.
    /// </summary>
    internal virtual IEnumerable<JsValue> Matching(JsValue message, QueryPlan plan) => Entries(message, plan.Index);

    /// <summary>
    /// The entries for one posting of the plan's index. If the posting identifies its entry, this is cheaper than
    /// computing all entries. Empty for a deleted record.
    /// </summary>
    /// <param name="plan">The plan, which has an index.</param>
    /// <param name="reader">Reads the message, decrypted if possible.</param>
    /// <param name="start">The exact leading fields that selected the posting.</param>
    /// <param name="posting">The posting. Its sort key is the index's last field.</param>
    internal virtual IEnumerable<JsValue> Entries(
        QueryPlan plan, MessageReader reader, IReadOnlyList<JsValue> start, Posting posting) =>
        reader.TryOpened(new Offset(posting.Offset), out JsValue message) ? Entries(message, plan.Index) : [];

    /// <summary>The postings for a plan in index order; null if the rows have no such order.</summary>
    internal virtual List<KeyRanges.Part>? InOrder(QueryPlan plan) =>
        plan.Access is null ? null : KeyRanges.Of(this, plan.Access);

    /// <summary>
    /// Gets the index byte and A for the exact leading fields of an index. False if the rows have no such order.
    /// </summary>
    internal abstract bool TryPlace(IndexDefinition index, IReadOnlyList<JsValue> start, out PostingPlace place);
}

/// <summary>A posting list, identified by an index and the fingerprint of its exact fields.</summary>
/// <param name="Index">The view's index.</param>
/// <param name="A">The fingerprint of the exact fields, 0 for none.</param>
internal readonly record struct PostingPlace(byte Index, ulong A)
{
    /// <summary>The postings of this list between two sort keys, both inclusive.</summary>
    internal PostingRange Between(ulong low, ulong high) => PostingRange.Exact(A, low, high);
}
