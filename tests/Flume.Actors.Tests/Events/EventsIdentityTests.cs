using System.Text;
using Flume.Actors.Tests.ClientViews;
using Flume.Log;
using Flume.Query.Json;
using Flume.Ssb.Api;
using Flume.Ssb.Views;
using Flume.TestKit;
using Flume.Views;
using Flume.Views.Checking;

namespace Flume.Actors.Tests.Events;

/// <summary>Identities of plain events: no key pair, no SSB views, and every other view sees every record.</summary>
public sealed class EventsIdentityTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task An_identity_of_events_has_no_key_pair_and_no_SSB_views_and_stays_so_across_a_restart()
    {
        await using EngineRig rig = new("", [.. SsbViews.Catalog.Views, new TestView("mine")]);
        await rig.StartAsync();
        await rig.Engine.CreateAsync("sensors", IdentityKind.Events);
        for (int start = 0; start < 2; start++)
        {
            IIdentity sensors = await rig.Engine.OpenAsync("sensors");
            Assert.Equal((IdentityKind.Events, null), (sensors.Kind, sensors.Keys));
            Assert.Equal(["mine"], sensors.Views.Views.Select(view => view.Name));
            Assert.Equal(["mine"], (await sensors.StatusAsync()).Select(view => view.Name));
            Assert.False(File.Exists(Path.Combine(rig.DataDirectory, "identities", "sensors", "secret")));
            Assert.Equal(IdentityKind.Ssb, rig.Alice.Kind);
            Assert.Contains("feeds", rig.Alice.Views.Views.Select(view => view.Name));
            await rig.RestartAsync();
        }
    }

    [Fact]
    public async Task The_kind_of_a_new_identity_is_what_the_configuration_says_unless_its_maker_does()
    {
        await using EngineRig rig = await new EngineRig("flume.identities.kind = events").StartAsync();
        Assert.Equal(IdentityKind.Events, rig.Alice.Kind);
        Assert.Equal(IdentityKind.Ssb, (await rig.Engine.CreateAsync("bob", IdentityKind.Ssb)).Kind);
        SettingsException wrong = Assert.Throws<SettingsException>(
            () => FlumeSettings.Parse("flume.identities.kind = event", "test"));
        Assert.Contains("one of ssb, events", wrong.Message);
    }

    [Fact]
    public async Task A_kind_file_with_another_word_refuses_the_identity_and_says_what_was_expected()
    {
        await using EngineRig rig = await new EngineRig().StartAsync();
        string folder = Directory.CreateDirectory(Path.Combine(rig.DataDirectory, "identities", "odd")).FullName;
        File.WriteAllText(Path.Combine(folder, "kind"), "evnts");
        IdentityRejectedException error = await Assert.ThrowsAsync<IdentityRejectedException>(() => rig.Engine.OpenAsync("odd"));
        Assert.Contains("'evnts'", error.Message);
        Assert.Contains("ssb or events", error.Message);
    }

    [Fact]
    public async Task Queries_read_plain_events_forwards_backwards_reduced_and_live()
    {
        await using EngineRig rig = await EventsAsync();
        await AppendAsync(rig, """{"temperature":21.5,"room":"a"}""", "no JSON", """{"temperature":19,"room":"b"}""",
            """{"temperature":23,"room":"a"}""", "[1]");

        Assert.Equal("""[{"temperature":21.5,"room":"a"},{"temperature":23,"room":"a"}]""",
            await QueryAsync(rig, """{"query":[{"$filter":{"temperature":{"$gt":20}}}]}"""));
        Assert.Equal("""[[1],{"temperature":23,"room":"a"}]""", await QueryAsync(rig, """{"reverse":true,"limit":2}"""));
        Assert.Equal("""[{"room":"a","n":2},{"room":"b","n":1}]""", await QueryAsync(
            rig, """{"query":[{"$filter":{"room":{"$is":"string"}}},{"$reduce":{"room":"room","n":{"$count":true}}}]}"""));

        using CancellationTokenSource end = new(Patience);
        await using IAsyncEnumerator<JsValue> live = Open(
            rig, """{"query":[{"$filter":{"temperature":{"$gt":20}}}],"live":true,"old":false}""", end.Token)
            .GetAsyncEnumerator();
        ValueTask<bool> next = live.MoveNextAsync();
        await AppendAsync(rig, """{"temperature":2}""", "nothing", """{"temperature":40}""");
        Assert.True(await next.AsTask().WaitAsync(Patience));
        Assert.Equal("""{"temperature":40}""", live.Current.ToJson());
    }

    [Fact]
    public async Task Declared_views_of_both_shapes_see_plain_events_and_a_check_agrees_with_them()
    {
        await using EngineRig rig = await EventsAsync();
        RegisteredRig calls = new(rig);
        await calls.Views.RegisterAsync(RegisteredRig.Declare("warm", """[{"$filter":{"temperature":{"$gt":20}}},{"$map":"temperature"}]"""));
        await calls.Views.RegisterAsync(RegisteredRig.Declare("rooms", """[{"$reduce":{"room":"room","n":{"$count":true}}}]"""));
        await AppendAsync(rig, """{"temperature":21.5,"room":"a"}""", "no JSON", """{"temperature":19,"room":"a"}""");

        Assert.Equal("[21.5]", await calls.ReadAsync("warm"));
        Assert.Equal("""[{"room":"a","n":2}]""", await calls.ReadAsync("rooms"));
        foreach (string view in (string[])["warm", "rooms", "alpha"])
        {
            using ViewRead read = await rig.Alice.ReadAsync(view, ReadFreshness.Fresh);
            ViewCheckReport report = await ViewCheck.RunAsync(new ViewCheckTarget(
                rig.Alice.Views.Get(view), read.Rows, rig.Alice.Log, rig.Alice.Format), new ViewCheckOptions());
            Assert.True(report.Agrees, string.Join(" ", report.Faults));
            Assert.Equal(1, (await rig.StatusAsync(view, status => status.Lag.IsNone)).Skipped);
        }
    }

    [Fact]
    public async Task An_SSB_identity_with_both_kinds_of_records_shows_declared_views_all_of_them()
    {
        await using EngineRig rig = await new EngineRig("", [.. SsbViews.Catalog.Views]).StartAsync();
        RegisteredRig calls = new(rig);
        await AppendAsync(rig, """{"temperature":21.5}""");
        await rig.AppendAsync(2);
        await AppendAsync(rig, """{"temperature":22}""");
        await calls.Views.RegisterAsync(RegisteredRig.Declare("warm", """[{"$filter":{"temperature":{"$gt":20}}},{"$map":"temperature"}]"""));
        await calls.Views.RegisterAsync(RegisteredRig.Posts);

        Assert.Equal("[21.5,22]", await calls.ReadAsync("warm"));
        Assert.Equal("[1]", await calls.ReadAsync("posts"));
        Assert.Equal(0, (await rig.StatusAsync("feeds", status => status.Lag.IsNone)).Skipped);
    }

    [Fact]
    public async Task A_call_of_an_SSB_view_says_that_the_identity_holds_plain_events()
    {
        await using EngineRig rig = await EventsAsync();
        ReadRejectedException error = await Assert.ThrowsAsync<ReadRejectedException>(
            () => rig.Alice.ReadAsync("feeds", ReadFreshness.Fresh).AsTask());
        Assert.Equal(ReadRejection.NoSuchView, error.Rejection);
        Assert.Contains("contains plain events", error.Message);
    }

    private static async Task<EngineRig> EventsAsync() =>
        await new EngineRig("flume.identities.kind = events").StartAsync();

    private static ValueTask<Appended> AppendAsync(EngineRig rig, params string[] records) => rig.Alice.AppendAsync(
        [.. records.Select(record => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(record))], Durability.Os);

    private static async Task<string> QueryAsync(EngineRig rig, string options)
    {
        using CancellationTokenSource patience = new(Patience);
        JsArray items = new();
        await foreach (JsValue item in Open(rig, options, patience.Token)) items.Add(item);
        return JsValue.From(items).ToJson();
    }

    private static IAsyncEnumerable<JsValue> Open(EngineRig rig, string options, CancellationToken cancel)
    {
        BuiltInApi.Table.TryGet("query.read", out ApiMethod query);
        return query.Open!(new ApiCall(rig.Alice, new JsArray([JsValue.Parse(options)]), cancel));
    }
}
