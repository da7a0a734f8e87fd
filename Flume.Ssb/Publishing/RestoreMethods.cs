using Flume.Query.Json;
using Flume.Ssb.Api;

namespace Flume.Ssb.Publishing;

/// <summary>The methods that inspect and end the block on publishing after a restore.</summary>
internal static class RestoreMethods
{
    internal static IEnumerable<ApiMethod> All =>
    [
        ApiMethod.Sync("flume.restored", Scope.Read, null,
            "(): {restoredAt, backedUpAt, newestInBackup, newestElsewhere} while publishing waits; else null.",
            static call => Describe(ForkGuard.Read(call.Identity.Directory))),
        ApiMethod.Sync("flume.confirmRestore", Scope.Admin, null,
            "(): confirms that no message newer than the restored log was ever published; publishing then continues.",
            static call => Confirm(call.Identity)),
    ];

    private static JsValue Confirm(IIdentity identity)
    {
        identity.Publisher.Claims.Forget();
        return JsValue.From(ForkGuard.Remove(identity.Directory));
    }

    private static JsValue Describe(ForkGuard? marker) => marker is null
        ? JsValue.Null
        : JsValue.From(new JsObject()
            .Set("restoredAt", JsValue.From(marker.RestoredAt.ToString("O")))
            .Set("backedUpAt", JsValue.From(marker.BackedUpAt.ToString("O")))
            .Set("newestInBackup", JsValue.From(marker.NewestInBackup))
            .Set("newestElsewhere", marker.NewestElsewhere is { } newest ? JsValue.From(newest) : JsValue.Null));
}
