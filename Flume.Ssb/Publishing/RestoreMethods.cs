using Flume.Query.Json;
using Flume.Ssb.Api;

namespace Flume.Ssb.Publishing;

/// <summary>What stands between a restored backup and the first message published from it.</summary>
internal static class RestoreMethods
{
    internal static IEnumerable<ApiMethod> All =>
    [
        ApiMethod.Sync("flume.restored", Scope.Read, null,
            "(): {restoredAt, backedUpAt, newestInBackup, newestElsewhere} while publishing waits; else null.",
            static call => Describe(ForkGuard.Read(call.Identity.Directory))),
        ApiMethod.Sync("flume.confirmRestore", Scope.Admin, null,
            "(): vouches that nothing newer than the restored log was ever published, so that publishing may go on.",
            static call => JsValue.From(ForkGuard.Remove(call.Identity.Directory))),
    ];

    private static JsValue Describe(ForkGuard? marker) => marker is null
        ? JsValue.Null
        : JsValue.From(new JsObject()
            .Set("restoredAt", JsValue.From(marker.RestoredAt.ToString("O")))
            .Set("backedUpAt", JsValue.From(marker.BackedUpAt.ToString("O")))
            .Set("newestInBackup", JsValue.From(marker.NewestInBackup))
            .Set("newestElsewhere", marker.NewestElsewhere is { } newest ? JsValue.From(newest) : JsValue.Null));
}
