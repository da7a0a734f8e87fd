using System.Runtime.CompilerServices;
using Flume.Log;
using Flume.Log.Primitives;
using Flume.Query.Json;
using Flume.Query.MapFilterReduce;
using Flume.Ssb.Api;
using Flume.Views.Store;

namespace Flume.Ssb.Reading;

/// <summary>
/// Runs a <see cref="StreamPlan"/>: stored messages from one snapshot of a view, then live ones from the log.
/// </summary>
/// <remarks>
/// Live messages start after the snapshot's since. Without old messages they start after the head at the call. No
/// message is repeated or lost. The stream ends when the caller cancels it or disposes the enumerator.
/// </remarks>
internal static class MessageStream
{
    private static readonly JsValue SyncMarker = JsValue.Parse("""{"sync":true}""");

    /// <summary>Streams stored items in index order, then live ones.</summary>
    internal static async IAsyncEnumerable<JsValue> Run(
        ApiCall call, StreamPlan plan, StreamOptions options,
        [EnumeratorCancellation] CancellationToken cancel = default)
    {
        Offset since;
        using (ViewRead read = await call.ReadAsync(plan.View).ConfigureAwait(false))
        {
            since = call.LiveAfter(read.Since, options.Old);
            if (options.Old)
            {
                foreach (JsValue item in Stored(call, plan, options, read)) yield return item;
            }
        }
        if (!options.Live) yield break;
        if (options.Old && options.Sync) yield return SyncMarker;
        MessageReader reader = new(call.Identity);
        await foreach (Offset offset in LiveOffsets.After(call, since, cancel).ConfigureAwait(false))
        {
            if (!reader.TryOpened(offset, out JsValue message) || !plan.Matches(message)) continue;
            JsValue item = plan.Format(message);
            if (!item.IsUndefined) yield return item;
        }
    }

    private static IEnumerable<JsValue> Stored(ApiCall call, StreamPlan plan, StreamOptions options, ViewRead read)
    {
        if (options.Limit == 0) yield break;
        long left = options.Limit < 0 ? long.MaxValue : options.Limit;
        foreach (JsValue message in Matching(call, plan, options, read))
        {
            JsValue item = plan.Format(message);
            if (item.IsUndefined) continue;
            yield return item;
            if (--left == 0) yield break;
        }
    }

    private static IEnumerable<JsValue> Matching(ApiCall call, StreamPlan plan, StreamOptions options, ViewRead read)
    {
        IEnumerable<(ulong Key, JsValue Message)> messages = Messages(call, plan, options, read);
        if (plan.ThenBy is null && plan.OnceFor is null)
        {
            foreach ((_, JsValue message) in messages) yield return message;
            yield break;
        }
        List<JsValue> equal = [];
        ulong key = 0;
        foreach ((ulong Key, JsValue Message) next in messages)
        {
            if (equal.Count > 0 && next.Key != key)
            {
                foreach (JsValue message in InOrder(equal, plan, options.Reverse)) yield return message;
                equal.Clear();
            }
            key = next.Key;
            equal.Add(next.Message);
        }
        foreach (JsValue message in InOrder(equal, plan, options.Reverse)) yield return message;
    }

    private static IEnumerable<JsValue> InOrder(List<JsValue> equal, StreamPlan plan, bool reverse)
    {
        if (equal.Count < 2) return equal;
        if (plan.OnceFor is { } onceFor) KeepLater(equal, onceFor, reverse);
        if (plan.ThenBy is not { } thenBy) return equal;
        CharwiseComparer order = CharwiseComparer.Instance;
        return reverse ? equal.OrderByDescending(thenBy, order) : equal.OrderBy(thenBy, order);
    }

    /// <summary>Messages with one sort key come in the order of the log, or of the log reversed.</summary>
    private static void KeepLater(List<JsValue> equal, Func<JsValue, JsValue> onceFor, bool reverse)
    {
        HashSet<string> given = new(StringComparer.Ordinal);
        if (!reverse) equal.Reverse();
        equal.RemoveAll(message => !given.Add(onceFor(message).ToJson()));
        if (!reverse) equal.Reverse();
    }

    private static IEnumerable<(ulong Key, JsValue Message)> Messages(
        ApiCall call, StreamPlan plan, StreamOptions options, ViewRead read)
    {
        MessageReader reader = new(call.Identity);
        using PostingCursor cursor = read.Rows.Read(plan.Index, plan.Range, options.Reverse);
        while (cursor.MoveNext())
        {
            call.Cancelled.ThrowIfCancellationRequested();
            Posting posting = cursor.Current;
            Offset offset = new(posting.Offset);
            if (!(plan.Opens ? reader.TryOpened(offset, out JsValue message) : reader.TryStored(offset, out message)))
                continue;
            if (IsProven(plan, posting, message) || plan.Matches(message)) yield return (posting.B, message);
        }
    }

    private static bool IsProven(StreamPlan plan, Posting posting, JsValue message) =>
        plan.Proof is { } proof && SortKey.IsNumber(posting.B) && RecordText.Holds(message, proof);
}
