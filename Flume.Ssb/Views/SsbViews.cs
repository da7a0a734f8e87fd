using Flume.Ssb.Views.About;
using Flume.Ssb.Views.Backlinks;
using Flume.Ssb.Views.Feeds;
using Flume.Ssb.Views.Friends;
using Flume.Ssb.Views.Hashmap;
using Flume.Ssb.Views.Links;
using Flume.Ssb.Views.Private;
using Flume.Ssb.Views.Query;
using Flume.Ssb.Views.Search;
using Flume.Views;

[assembly: BuiltInViews]

namespace Flume.Ssb.Views;

/// <summary>The nine views of SSB messages.</summary>
public static class SsbViews
{
    /// <summary>All built-in views.</summary>
    public static ViewCatalog Catalog { get; } = new(
    [
        new HashmapView(),
        new FeedsView(),
        new BacklinksView(),
        new AboutView(),
        new QueryView(),
        new LinksView(),
        new SearchView(),
        new FriendsView(),
        new PrivateView(),
    ]);
}
