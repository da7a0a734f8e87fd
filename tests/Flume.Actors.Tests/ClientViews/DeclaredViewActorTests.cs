using Flume.Log;
using Flume.Query.Json;
using Flume.Ssb.Api;
using Flume.TestKit;
using Flume.Views;
using Flume.Views.Registered;

namespace Flume.Actors.Tests.ClientViews;

public sealed class DeclaredViewActorTests
{
    [Fact]
    public async Task A_declared_view_follows_the_log_and_outlives_a_restart()
    {
        await using EngineRig rig = await new EngineRig().StartAsync();
        RegisteredRig calls = new(rig);
        await rig.AppendAsync(3);
        Assert.True(await calls.Views.RegisterAsync(RegisteredRig.Posts));
        Assert.True(await calls.Views.RegisterAsync(RegisteredRig.Types));
        Assert.False(await calls.Views.RegisterAsync(RegisteredRig.Types));
        Assert.Equal("[1,2]", await calls.ReadAsync("posts"));
        await rig.AppendAsync(2);
        Assert.Equal("""[{"type":"post","n":5,"last":2}]""", await calls.ReadAsync("types"));

        await rig.RestartAsync();
        Assert.Equal("[1,2,1]", await calls.ReadAsync("posts"));
        await rig.AppendAsync(1);
        Assert.Equal("""[{"type":"post","n":6,"last":2}]""", await calls.ReadAsync("types"));
        ViewStatus status = await rig.StatusAsync("types", status => status.State == ViewState.Live);
        Assert.Equal((ViewKind.Declared, RegisteredRig.Types.Json), (status.Kind, status.Definition));
    }

    [Fact]
    public async Task Rows_are_read_by_offset_backwards_and_to_a_limit()
    {
        await using EngineRig rig = await new EngineRig().StartAsync();
        RegisteredRig calls = new(rig);
        await rig.AppendAsync(6);
        await calls.Views.RegisterAsync(RegisteredRig.Posts);
        JsArray all = JsValue.Parse(await calls.ReadAsync("posts", """{"seqs":true}""")).AsArray;
        Assert.Equal([1, 2, 3, 4, 5], all.Select(item => item["value"].AsNumber));
        double third = all[2]["seq"].AsNumber;

        Assert.Equal("[4,5]", await calls.ReadAsync("posts", $$"""{"gt":{{third}}}"""));
        Assert.Equal("[3,4,5]", await calls.ReadAsync("posts", $$"""{"gte":{{third}}}"""));
        Assert.Equal("[1,2]", await calls.ReadAsync("posts", $$"""{"lt":{{third}}}"""));
        Assert.Equal("[3,2,1]", await calls.ReadAsync("posts", $$"""{"lte":{{third}},"reverse":true}"""));
        Assert.Equal("[5,4]", await calls.ReadAsync("posts", """{"reverse":true,"limit":2}"""));
        Assert.Equal("[]", await calls.ReadAsync("posts", """{"limit":0}"""));
    }

    [Fact]
    public async Task Live_reading_gives_what_comes_and_groups_that_change()
    {
        await using EngineRig rig = await new EngineRig().StartAsync();
        RegisteredRig calls = new(rig);
        await rig.AppendAsync(2);
        await calls.Views.RegisterAsync(RegisteredRig.Posts);
        await calls.Views.RegisterAsync(RegisteredRig.Types);
        using CancellationTokenSource end = new();
        await using IAsyncEnumerator<JsValue> posts = calls.Open(
            "views.read", end.Token, "\"posts\"", """{"live":true,"sync":true}""").GetAsyncEnumerator(end.Token);
        await using IAsyncEnumerator<JsValue> types = calls.Open(
            "views.read", end.Token, "\"types\"", """{"live":true}""").GetAsyncEnumerator(end.Token);
        Assert.Equal("1", (await RegisteredRig.NextAsync(posts)).ToJson());
        Assert.Equal("""{"sync":true}""", (await RegisteredRig.NextAsync(posts)).ToJson());
        Assert.Equal("""{"type":"post","n":2,"last":1}""", (await RegisteredRig.NextAsync(types)).ToJson());

        await rig.AppendAsync(3);
        Assert.Equal("1", (await RegisteredRig.NextAsync(posts)).ToJson());
        Assert.Equal("2", (await RegisteredRig.NextAsync(posts)).ToJson());
        JsValue changed = await RegisteredRig.NextAsync(types);
        while (changed["n"].AsNumber < 5) changed = await RegisteredRig.NextAsync(types);
        Assert.Equal("""{"type":"post","n":5,"last":2}""", changed.ToJson());
        await end.CancelAsync();
    }

    [Fact]
    public async Task Another_query_under_the_name_replaces_the_rows_and_ends_those_who_read_live()
    {
        await using EngineRig rig = await new EngineRig().StartAsync();
        RegisteredRig calls = new(rig);
        await rig.AppendAsync(3);
        await calls.Views.RegisterAsync(RegisteredRig.Posts);
        Assert.Equal("[1,2]", await calls.ReadAsync("posts"));
        using CancellationTokenSource end = new();
        await using IAsyncEnumerator<JsValue> live = calls.Open(
            "views.read", end.Token, "\"posts\"", """{"old":false,"sync":true}""").GetAsyncEnumerator(end.Token);
        Task<bool> next = live.MoveNextAsync().AsTask();

        await calls.Views.RegisterAsync(RegisteredRig.Declare("posts", """[{"$map":"key"}]"""));
        Assert.Equal("""["%0","%1","%2"]""", await calls.ReadAsync("posts"));
        ApiException ended = await Assert.ThrowsAsync<ApiException>(() => next.WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.Contains("registered anew", ended.Message);
    }

    [Fact]
    public async Task A_removed_view_is_gone_with_its_rows_and_can_come_back()
    {
        await using EngineRig rig = await new EngineRig().StartAsync();
        RegisteredRig calls = new(rig);
        await rig.AppendAsync(3);
        await calls.Views.RegisterAsync(RegisteredRig.Types);
        await calls.ReadAsync("types");
        await calls.Views.RemoveAsync("types");
        await Assert.ThrowsAsync<UnknownViewException>(() => calls.ReadAsync("types"));
        Assert.DoesNotContain(await rig.Alice.StatusAsync(), view => view.Name == "types");
        string stores = Path.Combine(rig.DataDirectory, "identities", "alice", "views", "+types");
        Assert.Empty(Directory.GetDirectories(stores));

        await calls.Views.RegisterAsync(RegisteredRig.Types);
        Assert.Equal("""[{"type":"post","n":3,"last":2}]""", await calls.ReadAsync("types"));
        await calls.Views.RemoveAsync("types");
        await rig.RestartAsync();
        Assert.Empty(calls.Views.All);
        Assert.False(Directory.Exists(stores));
    }

    [Fact]
    public async Task A_declared_view_pauses_rebuilds_and_forgets_deleted_records_as_any_other()
    {
        await using EngineRig rig = await new EngineRig().StartAsync();
        RegisteredRig calls = new(rig);
        await rig.AppendAsync(4);
        await calls.Views.RegisterAsync(RegisteredRig.Types);
        await calls.ReadAsync("types");
        ViewSelection types = ViewSelection.One("types");
        Assert.True((await rig.Alice.PauseAsync(types, "a test")).IsAccepted);
        await rig.AppendAsync(1);
        Assert.Equal("""[{"type":"post","n":4,"last":3}]""", await calls.ReadAsync("types", """{"wait":false}"""));
        Assert.True((await rig.Alice.ResumeAsync(types)).IsAccepted);
        Assert.Equal("""[{"type":"post","n":5,"last":3}]""", await calls.ReadAsync("types"));
        Assert.True((await rig.Alice.RebuildAsync(types)).IsAccepted);
        await rig.StatusAsync("types", status => status.State == ViewState.Live && status.Since == status.Head);
        Assert.Equal("""[{"type":"post","n":5,"last":3}]""", await calls.ReadAsync("types"));

        await rig.Alice.DeleteAsync(Offset.Zero);
        await rig.StatusAsync("types", status => status.State == ViewState.Live && status.Since == status.Head);
        Assert.Equal("""[{"type":"post","n":4,"last":3}]""", await calls.ReadAsync("types"));
    }

    [Fact]
    public async Task A_view_that_meets_its_limit_is_faulted_and_others_go_on()
    {
        await using EngineRig rig = await new EngineRig("flume.views.registered.groups-max = 2").StartAsync();
        RegisteredRig calls = new(rig);
        await calls.Views.RegisterAsync(RegisteredRig.Declare(
            "many", """[{"$reduce":{"n":["value","sequence"],"c":{"$count":true}}}]"""));
        await rig.AppendAsync(2);
        Assert.Equal("""[{"n":0,"c":1},{"n":1,"c":1}]""", await calls.ReadAsync("many"));
        await rig.AppendAsync(3);
        ViewStatus status = await rig.StatusAsync("many", status => status.State == ViewState.Faulted);

        Assert.Contains("flume.views.registered.groups-max", status.LastError);
        Assert.Equal("""[{"n":0,"c":1},{"n":1,"c":1}]""", await calls.ReadAsync("many", """{"wait":false}"""));
        Assert.Equal(5, await rig.CaughtUpAsync("alpha"));
    }

    [Fact]
    public async Task Names_that_are_taken_and_more_views_than_allowed_are_refused()
    {
        await using EngineRig rig = await new EngineRig(
            "flume.views.registered { views-max = 1, query-bytes-max = 300 }").StartAsync();
        RegisteredRig calls = new(rig);
        Assert.Contains("comes with the service", await Refusal(RegisteredRig.Declare("alpha", "[]")));
        ViewDefinition large = RegisteredRig.Declare("long", $$"""[{"$map":"{{new string('x', 300)}}"}]""");
        Assert.Contains("query-bytes-max", await Refusal(large));
        await calls.Views.RegisterAsync(RegisteredRig.Types);
        Assert.Contains("views-max", await Refusal(RegisteredRig.Posts));
        Assert.True(await calls.Views.RegisterAsync(RegisteredRig.Declare("types", "[]")));
        ApiException kept = await Assert.ThrowsAsync<ApiException>(() => calls.Views.RemoveAsync("alpha").AsTask());
        Assert.Contains("can't be removed", kept.Message);
        await Assert.ThrowsAsync<UnknownViewException>(() => calls.Views.RemoveAsync("nothing").AsTask());

        async Task<string> Refusal(ViewDefinition definition)
        {
            ApiException refused = await Assert.ThrowsAsync<ApiException>(
                () => calls.Views.RegisterAsync(definition).AsTask());
            Assert.Equal("ViewRefusedError", refused.ErrorName);
            return refused.Message;
        }
    }

    [Fact]
    public async Task Options_that_make_no_sense_are_refused()
    {
        await using EngineRig rig = await new EngineRig().StartAsync();
        RegisteredRig calls = new(rig);
        await calls.Views.RegisterAsync(RegisteredRig.Types);
        await calls.Views.RegisterAsync(RegisteredRig.Declare("sorted",
            """[{"$reduce":{"type":["value","content","type"],"n":{"$count":true}}},{"$sort":[["n"]]}]"""));
        foreach ((string view, string options, string why) in ((string, string, string)[])
        [
            ("types", """{"gt":5}""", "no bounds"), ("types", """{"limt":5}""", "no option 'limt'"),
            ("sorted", """{"live":true}""", "can't be read live"),
        ])
        {
            ApiException refused = await Assert.ThrowsAsync<ApiException>(() => calls.ReadAsync(view, options));
            Assert.Contains(why, refused.Message);
        }
    }

    [Fact]
    public async Task Calls_of_the_table_register_list_and_remove()
    {
        await using EngineRig rig = await new EngineRig().StartAsync();
        RegisteredRig calls = new(rig);
        JsValue made = await calls.CallAsync("views.register", "\"mine\"", """{"query":[{"$map":"key"}]}""");
        Assert.Equal(("declared", true), (made["kind"].AsString, made["isNew"].AsBoolean));
        await rig.AppendAsync(1);
        await calls.ReadAsync("mine");
        JsValue listed = (await calls.CallAsync("views.list")).AsArray.Single(view => view["name"].AsString == "mine");
        Assert.Equal("""{"query":[{"$map":"key"}]}""", listed["definition"].ToJson());
        await calls.CallAsync("views.remove", "\"mine\"");
        Assert.DoesNotContain((await calls.CallAsync("views.list")).AsArray, view => view["name"].AsString == "mine");
        await Assert.ThrowsAsync<ApiException>(() => calls.CallAsync("views.register", "\"mine\"", """{"query":5}"""));
    }
}
