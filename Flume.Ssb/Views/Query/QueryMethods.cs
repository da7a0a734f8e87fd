using Flume.Query.Json;
using Flume.Ssb.Api;
using Flume.Ssb.Queries;
using Flume.Ssb.Views.Backlinks;
using Flume.Ssb.Views.Links;
using Flume.Ssb.Views.Private;

namespace Flume.Ssb.Views.Query;

/// <summary>The methods that run map-filter-reduce over messages, links, backlinks and private messages.</summary>
internal static class QueryMethods
{
    internal static IEnumerable<ApiMethod> All =>
    [
        ApiMethod.Source(
            "query.read", Scope.Read, "query", "{query: [stages], limit, reverse, live, old, sync}: map-filter-reduce.",
            ReadAsync),
        ApiMethod.SyncRead(
            "query.explain", Scope.Read, "query", "{query}: which index answers, its bounds and every index's score.",
            ExplainAsync),
        ApiMethod.Sync("query.help", Scope.Read, null, "(): what query.read takes.", _ => Help.Of("query")),
        ApiMethod.Source("backlinks.read", Scope.Read, "backlinks",
            "{query: [stages], index: DTS|DTA|TDT, limit, reverse, live, old, sync}: messages that link to a dest.",
            call => QueryRun.Run(call, BacklinksModel.Instance, call.Arg(0))),
        ApiMethod.Source(
            "links2.read", Scope.Read, "links",
            "{query: [stages], limit, reverse, live, old, sync}: {source, rel, dest, ts}.",
            call => QueryRun.Run(call, LinksModel.Instance, call.Arg(0))),
        ApiMethod.Sync("links2.help", Scope.Read, null, "(): what links2.read takes.", _ => Help.Of("links2")),
        ApiMethod.Source(
            "private.read", Scope.Read, "private",
            "{query: [stages], limit, reverse, live, old, sync}: messages for you alone.",
            call => QueryRun.Run(call, PrivateModel.Instance, call.Arg(0))),
    ];

    private static IAsyncEnumerable<JsValue> ReadAsync(ApiCall call) => call.Identity.Kind == IdentityKind.Events
        ? RecordQuery.Run(call)
        : QueryRun.Run(call, SsbQueryModel.Instance, call.Arg(0));

    private static ValueTask<JsValue> ExplainAsync(ApiCall call) => call.Identity.Kind == IdentityKind.Events
        ? new(RecordQuery.Explain(call))
        : QueryRun.ExplainAsync(call, SsbQueryModel.Instance);
}
