using Flume.Ssb.Views;
using Flume.TestKit;
using Flume.Views;
using Flume.Views.Plugins;
using Xunit;
using Xunit.Abstractions;

namespace Flume.Ssb.Tests.Views.Plugins;

/// <summary>
/// The example view of docs/writing-a-view.md, compiled and loaded as a plug-in, meets the contract of all views.
/// </summary>
public sealed class DocumentedViewTests(ITestOutputHelper output) : ViewContract(output)
{
    private static readonly Lazy<IView> Loaded = new(() =>
    {
        CompiledPlugin plugin = new(DocumentedView.Code, "documented");
        return ViewPlugins.Load(SsbViews.Catalog, [new ViewPlugin(plugin.Path, DocumentedView.Type)]).Get("by-channel");
    });

    internal override IView View => Loaded.Value;

    [Fact]
    public void The_document_shows_a_view_in_under_20_lines() =>
        Assert.InRange(DocumentedView.Code.Trim().Split('\n').Count(line => line.Trim().Length > 0), 5, 19);

    [Fact]
    public void It_is_told_apart_from_views_that_come_with_Flume()
    {
        Assert.Equal(ViewKind.PlugIn, ViewOrigin.KindOf(View));
        Assert.Contains("\"type\":\"ChannelView\"", ViewOrigin.DefinitionOf(View));
        Assert.Equal(ViewKind.BuiltIn, ViewOrigin.KindOf(SsbViews.Catalog.Get("feeds")));
    }
}
