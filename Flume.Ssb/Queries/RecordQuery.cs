using Flume.Log;
using Flume.Query.Json;
using Flume.Query.MapFilterReduce;
using Flume.Query.MapFilterReduce.Planning;
using Flume.Ssb.Api;
using Flume.Ssb.Reading;
using Flume.Views.Records;

namespace Flume.Ssb.Queries;

/// <summary>
/// Runs a map-filter-reduce query over the records of an identity of plain events, by a scan of its log.
/// </summary>
/// <remarks>An entry is the record itself. A record that is no JSON, and one that was deleted, is no entry.</remarks>
internal static class RecordQuery
{
    private static readonly JsValue SyncMarker = JsValue.Parse("""{"sync":true}""");
    private static readonly IndexSelector Selector = new([], IndexDialect.Query);

    /// <summary>The results; the limit counts over old and live together, as for messages.</summary>
    internal static IAsyncEnumerable<JsValue> Run(ApiCall call) => Run(call, Plan(call));

    /// <summary>The plan: a scan of the log.</summary>
    internal static JsValue Explain(ApiCall call) => JsValue.From(Plan(call).Explain(usesAlternative: false));

    private static QueryPlan Plan(ApiCall call) => Selector.Plan(QueryOptions.FromJs(call.Arg(0)));

    private static async IAsyncEnumerable<JsValue> Run(ApiCall call, QueryPlan plan)
    {
        PipelineRun run = plan.Pipeline.Start(plan.Options.ResultsMax, call.Identity.QueryLimits);
        if (!call.Identity.IsOpen) await call.Identity.LogStatusAsync(call.Cancelled).ConfigureAwait(false);
        Offset head = call.Identity.Log.Head;
        Offset since = call.LiveAfter(head, plan.Options.Old);
        if (plan.Options.Old)
        {
            foreach (JsValue result in Old(call, plan, run, head)) yield return result;
        }
        if (!plan.Options.Live)
        {
            run.End();
            while (run.TryTake(out JsValue result)) yield return result;
        }
        if (!plan.Options.Live || plan.Pipeline.WaitsForEnd) yield break;
        if (plan.Options is { Old: true, WantsMarker: true } && !run.IsDone) yield return SyncMarker;
        RecordDecoder decoder = RecordFormat.Json.NewDecoder();
        await foreach (Offset offset in LiveOffsets.After(call, since).ConfigureAwait(false))
        {
            if (run.IsDone) yield break;
            if (!call.Identity.Log.TryRead(offset, out LogRecord record)) continue;
            if (TryEntry(decoder, record, out JsValue entry)) run.Push(entry);
            while (run.TryTake(out JsValue result)) yield return result;
        }
    }

    private static IEnumerable<JsValue> Old(ApiCall call, QueryPlan plan, PipelineRun run, Offset head)
    {
        if (!head.IsSome || plan.Facts.IsNever) yield break;
        RecordDecoder decoder = RecordFormat.Json.NewDecoder();
        LogCursor cursor = call.Identity.Log.Read(new LogRange { Lte = head, Reverse = plan.Options.Reverse });
        while (cursor.MoveNext())
        {
            call.Cancelled.ThrowIfCancellationRequested();
            if (!TryEntry(decoder, cursor.Current, out JsValue entry)) continue;
            bool more = run.Push(entry);
            while (run.TryTake(out JsValue result)) yield return result;
            if (!more) yield break;
        }
    }

    private static bool TryEntry(RecordDecoder decoder, LogRecord record, out JsValue entry)
    {
        bool isEntry = !record.Deleted && decoder.Decode(record.Offset, record.Payload.Span).IsJson;
        entry = isEntry ? JsValue.Parse(record.Payload) : default;
        return isEntry;
    }
}
