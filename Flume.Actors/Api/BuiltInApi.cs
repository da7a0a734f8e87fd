using Flume.Api.Methods;

namespace Flume.Api;

/// <summary>The API table that every transport serves.</summary>
public static class BuiltInApi
{
    /// <summary>Every method, by its dotted name.</summary>
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
    ]);
}
