using Flume.Ssb.Api;

namespace Flume.Host.Http.Access;

/// <summary>
/// What each API method needs: of Flume's own reading is the rule, and what changes something is named; what a plug-in's
/// method does is not known, so it needs the most.
/// </summary>
internal static class MethodScopes
{
    /// <summary>The address of all calls; what one needs is known when its body is read.</summary>
    public const string Route = "/v1/{name}/rpc";

    private static readonly HashSet<string> Appends = new(StringComparer.Ordinal)
    {
        "add", "blobs.add", "blobs.push", "createWriteStream", "flume.append", "friends.block", "friends.follow",
        "private.publish", "publish", "views.commit",
    };

    private static readonly HashSet<string> Admins = new(StringComparer.Ordinal)
    {
        "blobs.rm", "conn.connect", "conn.start", "conn.stop", "del", "flume.confirmRestore", "flume.del",
        "gossip.connect", "rebuild", "views.register", "views.remove",
    };

    /// <summary>The scope that a call of a method needs.</summary>
    public static Scope Of(ApiMethod method) =>
        Admins.Contains(method.Name) || !BuiltInApi.Table.TryGet(method.Name, out _) ? Scope.Admin
        : method.Kind == ApiKind.Sink || Appends.Contains(method.Name) ? Scope.Append
        : Scope.Read;
}
