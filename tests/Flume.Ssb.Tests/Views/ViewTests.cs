using Flume.Ssb.Views;
using Flume.Ssb.Views.About;
using Flume.Ssb.Views.Backlinks;
using Flume.Ssb.Views.Feeds;
using Flume.Ssb.Views.Friends;
using Flume.Ssb.Views.Hashmap;
using Flume.Ssb.Views.Links;
using Flume.Ssb.Views.Private;
using Flume.Ssb.Views.Query;
using Flume.Ssb.Views.Search;
using Flume.TestKit;
using Flume.Views;
using Xunit;
using Xunit.Abstractions;

namespace Flume.Ssb.Tests.Views;

public sealed class AboutViewTests(ITestOutputHelper output) : ViewContract(output)
{
    internal override IView View { get; } = new AboutView();
}

public sealed class BacklinksViewTests(ITestOutputHelper output) : ViewContract(output)
{
    internal override IView View { get; } = new BacklinksView();
}

public sealed class FeedsViewTests(ITestOutputHelper output) : ViewContract(output)
{
    internal override IView View { get; } = new FeedsView();
}

public sealed class FriendsViewTests(ITestOutputHelper output) : ViewContract(output)
{
    internal override IView View { get; } = new FriendsView();
}

public sealed class HashmapViewTests(ITestOutputHelper output) : ViewContract(output)
{
    internal override IView View { get; } = new HashmapView();
}

public sealed class LinksViewTests(ITestOutputHelper output) : ViewContract(output)
{
    internal override IView View { get; } = new LinksView();
}

public sealed class PrivateViewTests(ITestOutputHelper output) : ViewContract(output)
{
    internal override IView View { get; } = new PrivateView();
}

public sealed class QueryViewTests(ITestOutputHelper output) : ViewContract(output)
{
    internal override IView View { get; } = new QueryView();
}

public sealed class SearchViewTests(ITestOutputHelper output) : ViewContract(output)
{
    internal override IView View { get; } = new SearchView();
}

public sealed class ViewCatalogTests
{
    [Fact]
    public void Every_built_in_view_has_a_class_that_tests_its_contract()
    {
        string[] tested = [.. typeof(ViewCatalogTests).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(ViewContract)) && type.Namespace == typeof(ViewCatalogTests).Namespace)
            .Select(type => type.Name.Replace("ViewTests", "", StringComparison.Ordinal).ToLowerInvariant()).Order()];
        Assert.Equal(SsbViews.Catalog.Views.Select(view => view.Name), tested);
    }
}
