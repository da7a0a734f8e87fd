using Flume.Query.Json;
using Flume.Views.Store;

namespace Flume.Ssb.Reading;

/// <summary>Where a stream's messages come from, and which of them belong to it.</summary>
/// <param name="View">The view that holds the index.</param>
/// <param name="Index">The index within that view.</param>
/// <param name="Range">Postings to read: a superset of the stream is enough.</param>
/// <param name="Matches">
/// Whether a message (decrypted where possible) belongs to the stream. It decides alone: for postings, which are found
/// by fingerprint, and for live messages, which are found by following the log.
/// </param>
internal sealed record StreamPlan(string View, byte Index, PostingRange Range, Func<JsValue, bool> Matches)
{
    /// <summary>Turns a matching message into the stream's item; undefined drops it.</summary>
    internal required Func<JsValue, JsValue> Format { get; init; }

    /// <summary>
    /// Text that every message of the stream has, written as JavaScript writes it; empty when the postings' numbers say
    /// it all. A posting whose sort key is a number, and whose record has the text, needs no more proof. Null for none.
    /// </summary>
    internal byte[]? Proof { get; init; }

    /// <summary>False when neither <see cref="Matches"/> nor <see cref="Format"/> looks into private content.</summary>
    internal bool Opens { get; init; } = true;

    /// <summary>
    /// What a message is given once for among those with one sort key: of a record that is in the log twice the later one.
    /// </summary>
    internal Func<JsValue, JsValue>? OnceFor { get; init; }

    /// <summary>
    /// The second part of the index key, where equal sort keys are ordered by something else than the offset.
    /// </summary>
    internal Func<JsValue, JsValue>? ThenBy { get; init; }
}
