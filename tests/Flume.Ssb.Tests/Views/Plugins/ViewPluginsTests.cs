using Flume.Actors;
using Flume.Ssb.Api;
using Flume.Ssb.Views;
using Flume.Views;
using Flume.Views.Plugins;

namespace Flume.Ssb.Tests.Views.Plugins;

public sealed class ViewPluginsTests
{
    private const string Usings = "using Flume.Views; using Flume.Views.Records; using Flume.Views.Store;\n";

    [Fact]
    public void A_file_that_is_not_there_is_named()
    {
        string error = Refusal(new ViewPlugin("/no/such/views.dll", "My.View"));
        Assert.Contains("/no/such/views.dll does not exist", error);
    }

    [Fact]
    public void A_file_that_is_no_assembly_is_named()
    {
        string file = Path.GetTempFileName();
        File.WriteAllText(file, "not an assembly");
        Assert.Contains($"{file} is not a .NET assembly", Refusal(new ViewPlugin(file, "My.View")));
        File.Delete(file);
    }

    [Fact]
    public void A_type_that_is_not_there_is_named_and_those_that_are()
    {
        using CompiledPlugin plugin = new(Usings + View("Here", "here"));
        string error = Refusal(new ViewPlugin(plugin.Path, "There"));
        Assert.Contains("has no type 'There'", error);
        Assert.Contains("Its views are Here", error);
    }

    [Fact]
    public void A_type_that_is_no_view_is_refused()
    {
        using CompiledPlugin plugin = new("public class Plain { }");
        Assert.Contains("does not implement Flume.Views.IView", Refusal(new ViewPlugin(plugin.Path, "Plain")));
    }

    [Fact]
    public void A_view_without_a_public_constructor_is_refused()
    {
        using CompiledPlugin plugin = new(Usings + View("Closed", "closed", "private Closed() { }"));
        Assert.Contains("public constructor without parameters", Refusal(new ViewPlugin(plugin.Path, "Closed")));
    }

    [Fact]
    public void A_constructor_that_throws_is_told()
    {
        using CompiledPlugin plugin = new(Usings + View(
            "Broken", "broken", "public Broken() => throw new Exception(\"why\");"));
        Assert.Contains("'Broken' of", Refusal(new ViewPlugin(plugin.Path, "Broken")));
    }

    [Theory]
    [InlineData("feeds", "like another view")]
    [InlineData("Feeds", "lower-case letters")]
    public void A_name_that_clashes_or_is_none_is_refused(string name, string why)
    {
        using CompiledPlugin plugin = new(Usings + View("Named", name));
        Assert.Contains(why, Refusal(new ViewPlugin(plugin.Path, "Named")));
    }

    [Fact]
    public void Settings_name_plug_ins_and_their_views_are_kept_with_the_methods_they_bring()
    {
        using CompiledPlugin plugin = new(DocumentedView.Code, "from-settings");
        string hocon = $$"""assembly = "{{plugin.Path}}", type = "{{DocumentedView.Type}}" """;
        FlumeSettings settings = FlumeSettings.Parse($"flume.views.plugins = [ {{ {hocon} }} ]", "test");
        ViewCatalog views = settings.LoadViews();
        Assert.Equal(SsbViews.Catalog.Views.Count + 1, views.Views.Count);
        Assert.True(BuiltInApi.With(views).TryGet("byChannel.read", out ApiMethod method));
        Assert.Equal("by-channel", method.View);
        Assert.Equal("source", BuiltInApi.With(views).Manifest()["byChannel"]["read"].AsString);
    }

    [Theory]
    [InlineData("""flume.views.plugins = [ { assembly = "x.dll" } ]""", "assembly, type")]
    [InlineData("""flume.views.plugins = [ { assembly = "x.dll", type = "X", more = 1 } ]""", "no others")]
    [InlineData("""flume.views.plugins = [ { assembly = "x.dll", type = "X" } ]""", "x.dll does not exist")]
    public void Settings_that_name_none_say_the_key_and_what_was_expected(string hocon, string expected)
    {
        SettingsException error = Assert.Throws<SettingsException>(
            () => FlumeSettings.Parse(hocon, "test").LoadViews());
        Assert.Equal("flume.views.plugins", error.Key);
        Assert.Contains(expected, error.Message);
    }

    private static string Refusal(ViewPlugin plugin) =>
        Assert.Throws<ViewPluginException>(() => ViewPlugins.Load(SsbViews.Catalog, [plugin])).Message;

    private static string View(string type, string name, string constructor = "") => $$"""
        public sealed class {{type}} : IView
        {
            {{constructor}}
            public string Name => "{{name}}";
            public int Version => 1;
            public void Apply(DecodedRecord record, RowSink rows) => rows.Put("k"u8, "1"u8);
        }
        """;
}
