using Flume.Ssb.Api.Methods;
using Flume.Ssb.Blobs;
using Flume.Ssb.Publishing;
using Flume.Ssb.Views.About;
using Flume.Ssb.Views.Backlinks;
using Flume.Ssb.Views.Feeds;
using Flume.Ssb.Views.Friends;
using Flume.Ssb.Views.Links;
using Flume.Ssb.Views.Query;
using Flume.Ssb.Views.Search;
using Flume.Views;

namespace Flume.Ssb.Api;

/// <summary>The API table that every transport serves.</summary>
public static class BuiltInApi
{
    /// <summary>All built-in methods.</summary>
    public static ApiTable Table { get; } = new(
    [
        .. StateMethods.All,
        .. MessageMethods.All,
        .. PublishMethods.All,
        .. RestoreMethods.All,
        .. FeedsMethods.All,
        .. FeedStateMethods.All,
        .. LinksMethods.All,
        .. QueryMethods.All,
        .. AboutMethods.All,
        .. SearchMethods.All,
        .. FriendsMethods.All,
        .. FriendsLegacyMethods.All,
        .. TangleMethods.All,
        .. BlobMethods.All,
        .. PeerMethods.All,
        .. FlumeLogMethods.All,
        .. ViewMethods.All,
    ]);

    /// <summary>
    /// The built-in table plus the methods of the catalog's views. The manifest and help list them too.
    /// </summary>
    /// <exception cref="ArgumentException">Two methods share a name.</exception>
    public static ApiTable With(ViewCatalog catalog)
    {
        ApiMethod[] brought = [.. catalog.Views.OfType<IViewMethods>().SelectMany(view => view.Methods)];
        if (brought.Length == 0) return Table;
        foreach (ApiMethod method in brought)
        {
            if (Table.TryGet(method.Name, out _))
                throw new ArgumentException(
                    $"A view brings the API method '{method.Name}', which Flume has already. Rename it.");
        }
        ApiTable? all = null;
        return all = new ApiTable([
            .. Table.Methods.Where(method => method.Name is not ("manifest" or "help")),
            .. brought,
            ApiMethod.Sync("manifest", Scope.Read, null, Summary("manifest"), _ => all!.Manifest()).ForAnyone(),
            ApiMethod.Sync("help", Scope.Read, null, Summary("help"), _ => Help.Of("", all!))]);
    }

    private static string Summary(string name) => Table.TryGet(name, out ApiMethod method) ? method.Summary : "";
}
