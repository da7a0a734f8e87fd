using Flume.Query.Json;
using Flume.Views.Store;

namespace Flume.Ssb.Reading;

/// <summary>The source of a stream's messages, and the filter for them.</summary>
/// <param name="View">The view that contains the index.</param>
/// <param name="Index">The index within that view.</param>
/// <param name="Range">The postings to read: a superset of the stream.</param>
/// <param name="Matches">
/// Decides whether a message (decrypted if possible) belongs to the stream. Postings are found by fingerprint, and live
/// messages by following the log, so both need this check.
/// </param>
internal sealed record StreamPlan(string View, byte Index, PostingRange Range, Func<JsValue, bool> Matches)
{
    /// <summary>Converts a matching message to an item. Undefined drops it.</summary>
    internal required Func<JsValue, JsValue> Format { get; init; }

    /// <summary>
    /// JSON text that every message of the stream contains; empty if numeric postings suffice. A record with a numeric
    /// sort key and this text needs no further check. Null for none.
    /// </summary>
    internal byte[]? Proof { get; init; }

    /// <summary>False if <see cref="Matches"/> and <see cref="Format"/> do not read private content.</summary>
    internal bool Opens { get; init; } = true;

    /// <summary>
    /// What a message is given once for among those with one sort key: of a record that is in the log twice
    /// the later one.
    /// </summary>
    internal Func<JsValue, JsValue>? OnceFor { get; init; }

    /// <summary>
    /// The second part of the index key, where equal sort keys are ordered by something else than the offset.
    /// </summary>
    internal Func<JsValue, JsValue>? ThenBy { get; init; }
}
