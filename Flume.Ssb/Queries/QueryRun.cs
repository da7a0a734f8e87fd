using Flume.Log;
using Flume.Query.Json;
using Flume.Query.MapFilterReduce;
using Flume.Query.MapFilterReduce.Planning;
using Flume.Ssb.Api;
using Flume.Ssb.Reading;

namespace Flume.Ssb.Queries;

/// <summary>Runs a map-filter-reduce query over stored messages and, if requested, live ones.</summary>
internal static class QueryRun
{
    private static readonly JsValue SyncMarker = JsValue.Parse("""{"sync":true}""");

    /// <summary>Streams the results. The limit applies to old and live results together, as in JavaScript.</summary>
    internal static IAsyncEnumerable<JsValue> Run(ApiCall call, QueryModel model, JsValue options) =>
        Run(call, model, Plan(model, options));

    /// <summary>Plans a query.</summary>
    /// <exception cref="QueryException">The query is invalid.</exception>
    internal static QueryPlan Plan(QueryModel model, JsValue options) =>
        model.Selector.Plan(QueryOptions.FromJs(options));

    /// <summary>
    /// The plan in JavaScript's format. If Flume reads another source than the named index, the member <c>flume</c>
    /// names it.
    /// </summary>
    internal static async ValueTask<JsValue> ExplainAsync(ApiCall call, QueryModel model)
    {
        QueryPlan plan = Plan(model, call.Arg(0));
        JsObject shown = plan.Explain(usesAlternative: false);
        if (CountAnswer.Explain(model, plan) is { } counted) shown.Set("flume", Named("counts", counted));
        else if (plan.Index is null && plan.Facts.Fields.Count > 0)
        {
            using ViewRead read = await call.ReadAsync(model.View).ConfigureAwait(false);
            if (CandidateScan.Choose(call, model, plan, read).Access is { } access)
                shown.Set("flume", Named("reads", access));
        }
        return JsValue.From(shown);
    }

    private static JsValue Named(string name, IndexAccess access) =>
        JsValue.From(new JsObject().Set(name, access.ToJs()));

    private static async IAsyncEnumerable<JsValue> Run(ApiCall call, QueryModel model, QueryPlan plan)
    {
        PipelineRun run = plan.Pipeline.Start(plan.Options.ResultsMax, call.Identity.QueryLimits);
        Offset since;
        using (ViewRead read = await call.ReadAsync(model.View).ConfigureAwait(false))
        {
            since = call.LiveAfter(read.Since, plan.Options.Old);
            foreach (JsValue result in Old(call, model, plan, read, run)) yield return result;
        }
        if (!plan.Options.Live || plan.Pipeline.WaitsForEnd) yield break;
        bool marks = plan.Options is { Old: true, WantsMarker: true } && (plan.Index is not null || model.MarksScans);
        if (marks && !run.IsDone) yield return SyncMarker;
        MessageReader reader = new(call.Identity);
        await foreach (Offset offset in LiveOffsets.After(call, since).ConfigureAwait(false))
        {
            if (run.IsDone) yield break;
            if (!reader.TryOpened(offset, out JsValue message)) continue;
            foreach (JsValue entry in model.Entries(message, plan.Index))
            {
                if (!QueryReader.Matches(plan, entry)) continue;
                run.Push(entry);
                while (run.TryTake(out JsValue result)) yield return result;
            }
            if (run.IsDone) yield break;
        }
    }

    private static IEnumerable<JsValue> Old(
        ApiCall call, QueryModel model, QueryPlan plan, ViewRead read, PipelineRun run)
    {
        if (plan.Options.Old)
        {
            if (CountAnswer.TryGive(call, model, plan, read) is { } counts)
            {
                int most = (int)Math.Min(plan.Options.ResultsMax, int.MaxValue);
                foreach (JsValue count in counts.Take(most)) yield return count;
                yield break;
            }
            foreach (JsValue item in new QueryReader(call, model, plan, read).Items())
            {
                bool more = run.Push(item);
                while (run.TryTake(out JsValue result)) yield return result;
                if (!more) yield break;
            }
        }
        if (plan.Options.Live && !plan.Pipeline.WaitsForEnd) yield break;
        if (plan.Options.Live) yield break;
        run.End();
        while (run.TryTake(out JsValue result)) yield return result;
    }
}
