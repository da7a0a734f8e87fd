using Flume.Log;
using Flume.Query.Json;
using Flume.Ssb.Api;
using Flume.TestKit;
using Flume.Views;
using Flume.Views.Registered;

namespace Flume.Actors.Tests.ClientViews;

public sealed class ClientViewTests
{
    [Fact]
    public async Task A_client_goes_on_from_what_it_committed_and_readers_wait_for_it()
    {
        await using EngineRig rig = await StartAsync();
        RegisteredRig calls = new(rig);
        await rig.AppendAsync(3);
        await using (Client client = await Client.ComeAsync(calls))
        {
            Assert.Equal(-1, client.Since);
            JsValue batch = await client.BatchAsync();
            Assert.Equal(["%0", "%1", "%2"], batch["values"].AsArray.Select(value => value["key"].AsString));
            Assert.Equal(batch["since"].AsNumber, batch["head"].AsNumber);
            Task<JsValue> waiting = calls.CallAsync("views.get", "\"counted\"");
            Assert.False(waiting.IsCompleted);
            await client.CommitAsync("""{"n":3}""");
            Assert.Equal("""{"n":3}""", (await waiting).ToJson());
        }

        await rig.AppendAsync(1);
        ViewStatus lagging = await rig.StatusAsync("counted", status => status.WaitsFor is not null);
        Assert.Equal((ViewState.CatchingUp, "its client", ViewKind.Client),
            (lagging.State, lagging.WaitsFor, lagging.Kind));
        Assert.Equal(1, lagging.Lag.Records);
        await rig.RestartAsync();
        await using Client again = await Client.ComeAsync(calls);
        Assert.Equal("""{"n":3}""", again.State.ToJson());
        Assert.Single((await again.BatchAsync())["values"].AsArray);
        await again.CommitAsync("""{"n":4}""");
        Assert.Equal("""{"n":4}""", (await calls.CallAsync("views.get", "\"counted\"")).ToJson());
        await rig.StatusAsync("counted", status => status is { State: ViewState.Live, WaitsFor: null });
    }

    [Fact]
    public async Task A_commit_that_is_no_successor_is_refused_and_changes_nothing()
    {
        await using EngineRig rig = await StartAsync();
        RegisteredRig calls = new(rig);
        await rig.AppendAsync(3);
        await using Client client = await Client.ComeAsync(calls);
        await client.BatchAsync();
        double after = client.Since, sent = client.Sent;
        foreach ((double Turn, double After, double Since, string Why) wrong in ((double, double, double, string)[])
        [
            (client.Epoch + 1, after, sent, "is over"), (client.Epoch, 0, sent, "no successor"),
            (client.Epoch, after, sent + 1, "sent no such record"), (client.Epoch, after, after, "sent no such record"),
        ])
        {
            ApiException refused = await Assert.ThrowsAsync<ApiException>(
                () => client.CommitAsync("1", wrong.Turn, wrong.After, wrong.Since));
            Assert.Equal("ViewRefusedError", refused.ErrorName);
            Assert.Contains(wrong.Why, refused.Message);
        }

        await client.CommitAsync("\"good\"");
        await Assert.ThrowsAsync<ApiException>(() => client.CommitAsync("\"twice\"", client.Epoch, after, sent));
        Assert.Equal("\"good\"", (await calls.CallAsync("views.get", "\"counted\"")).ToJson());
    }

    [Fact]
    public async Task The_client_that_comes_last_takes_the_place_and_the_other_hears_of_it()
    {
        await using EngineRig rig = await StartAsync();
        RegisteredRig calls = new(rig);
        await rig.AppendAsync(2);
        await using Client first = await Client.ComeAsync(calls);
        await first.BatchAsync();
        Task<JsValue> next = first.NextAsync();
        await using Client second = await Client.ComeAsync(calls);
        ApiException ended = await Assert.ThrowsAsync<ApiException>(() => next);
        Assert.Contains("Another client runs view 'counted'", ended.Message);
        await Assert.ThrowsAsync<ApiException>(() => first.CommitAsync("1"));
        await second.BatchAsync();
        await second.CommitAsync("2");
        Assert.Equal("2", (await calls.CallAsync("views.get", "\"counted\"")).ToJson());
    }

    [Fact]
    public async Task A_pause_stops_the_feed_and_resuming_begins_another_turn()
    {
        await using EngineRig rig = await StartAsync();
        RegisteredRig calls = new(rig);
        await rig.AppendAsync(2);
        await using Client client = await Client.ComeAsync(calls);
        await client.BatchAsync();
        Assert.True((await rig.Alice.PauseAsync(ViewSelection.One("counted"), "a test")).IsAccepted);
        ApiException refused = await Assert.ThrowsAsync<ApiException>(() => client.CommitAsync("1"));
        Assert.Contains("Paused", refused.Message);
        Task<JsValue> next = client.NextAsync();
        await rig.AppendAsync(1);
        Assert.False(next.IsCompleted);

        double before = client.Epoch;
        Assert.True((await rig.Alice.ResumeAsync(ViewSelection.One("counted"))).IsAccepted);
        client.Begin(await next);
        Assert.True(client.Epoch > before && client.Since == -1);
        Assert.Equal(3, (await client.BatchAsync())["values"].AsArray.Count);
        await client.CommitAsync("3");
    }

    [Fact]
    public async Task A_rebuild_begins_at_the_first_record_while_the_old_state_answers()
    {
        await using EngineRig rig = await StartAsync();
        RegisteredRig calls = new(rig);
        await rig.AppendAsync(4);
        await using Client client = await Client.ComeAsync(calls);
        await client.BatchAsync();
        await client.CommitAsync("\"old\"");
        Assert.True((await rig.Alice.RebuildAsync(ViewSelection.One("counted"))).IsAccepted);
        client.Begin(await client.NextAsync());
        Assert.Equal((-1, true), (client.Since, client.State.IsUndefined));
        Assert.Equal("\"old\"", (await calls.CallAsync("views.get", "\"counted\"", """{"wait":false}""")).ToJson());
        Assert.Equal(4, (await client.BatchAsync())["values"].AsArray.Count);
        await client.CommitAsync("\"new\"");
        await rig.StatusAsync("counted", status => status.State == ViewState.Live);
        Assert.Equal("\"new\"", (await calls.CallAsync("views.get", "\"counted\"")).ToJson());
    }

    [Fact]
    public async Task Another_version_begins_anew_and_the_old_one_is_fed_no_more()
    {
        await using EngineRig rig = await StartAsync();
        RegisteredRig calls = new(rig);
        await rig.AppendAsync(2);
        await using (Client client = await Client.ComeAsync(calls))
        {
            await client.BatchAsync();
            await client.CommitAsync("\"one\"");
        }
        await calls.Views.RegisterAsync(ViewDefinition.Client("counted", 2));
        ApiException refused = await Assert.ThrowsAsync<ApiException>(() => Client.ComeAsync(calls, version: 1));
        Assert.Contains("has version 2, not 1", refused.Message);
        await using Client newer = await Client.ComeAsync(calls, version: 2);
        Assert.Equal((-1, true), (newer.Since, newer.State.IsUndefined));
        await newer.BatchAsync();
        await newer.CommitAsync("\"two\"");
        Assert.Equal("\"two\"", (await calls.CallAsync("views.get", "\"counted\"")).ToJson());
    }

    [Fact]
    public async Task Not_more_is_sent_than_the_window_allows_until_it_is_committed()
    {
        await using EngineRig rig = await StartAsync(
            "flume.views.registered { feed-batch-bytes = 1, feed-window-bytes = 1KiB }");
        RegisteredRig calls = new(rig);
        await rig.AppendAsync(100);
        await using Client client = await Client.ComeAsync(calls);
        int sent = 0;
        Task<JsValue> next = client.NextAsync();
        while (next.IsCompleted)
        {
            client.Take(await next);
            sent++;
            next = client.NextAsync();
        }

        Assert.InRange(sent, 5, 20);
        await client.CommitAsync("1");
        client.Take(await next);
        await client.CommitAsync("2");
    }

    [Fact]
    public async Task Rows_by_key_are_set_removed_and_read_in_order()
    {
        await using EngineRig rig = await StartAsync();
        RegisteredRig calls = new(rig);
        await rig.AppendAsync(1);
        await using Client client = await Client.ComeAsync(calls);
        await client.BatchAsync();
        await client.CommitAsync(
            "null", rows: """[{"key":"a","value":1},{"key":"b","value":{"x":2}},{"key":"c","value":3}]""");
        await rig.AppendAsync(1);
        await client.BatchAsync();
        await client.CommitAsync("null", rows: """[{"key":"b","value":null},{"key":"d","value":4}]""");

        Assert.Equal(
            """[{"key":"a","value":1},{"key":"c","value":3},{"key":"d","value":4}]""",
            await calls.ReadAsync("counted", """{"rows":true}"""));
        Assert.Equal(
            """[{"key":"d","value":4},{"key":"c","value":3}]""",
            await calls.ReadAsync("counted", """{"rows":true,"gt":"a","reverse":true}"""));
        Assert.Equal("""[{"key":"a","value":1}]""", await calls.ReadAsync("counted", """{"rows":true,"lt":"c"}"""));
        Assert.Equal("3", (await calls.CallAsync("views.get", "\"counted\"", "\"c\"")).ToJson());
        await Assert.ThrowsAsync<ApiException>(() => calls.CallAsync("views.get", "\"counted\"", "\"b\""));
    }

    [Fact]
    public async Task A_deleted_record_is_not_fed_and_starts_the_view_over()
    {
        await using EngineRig rig = await StartAsync();
        RegisteredRig calls = new(rig);
        await rig.AppendAsync(3);
        await using Client client = await Client.ComeAsync(calls);
        await client.BatchAsync();
        await client.CommitAsync("3");
        await rig.Alice.DeleteAsync(Offset.Zero);
        client.Begin(await client.NextAsync());
        Assert.Equal(-1, client.Since);
        Assert.Equal(["%1", "%2"],
            (await client.BatchAsync())["values"].AsArray.Select(value => value["key"].AsString));
        await client.CommitAsync("2");
        Assert.Equal("2", (await calls.CallAsync("views.get", "\"counted\"")).ToJson());
    }

    private static async Task<EngineRig> StartAsync(string hocon = "")
    {
        EngineRig rig = await new EngineRig(hocon).StartAsync();
        await rig.Alice.Registered!.RegisterAsync(ViewDefinition.Client("counted", 1));
        return rig;
    }

    /// <summary>A client of the view 'counted'.</summary>
    private sealed class Client : IAsyncDisposable
    {
        private readonly CancellationTokenSource _gone = new();
        private readonly RegisteredRig _calls;
        private readonly IAsyncEnumerator<JsValue> _feed;

        private Client(RegisteredRig calls, int version)
        {
            _calls = calls;
            _feed = calls.Open("views.feed", _gone.Token, "\"counted\"", $"{version}").GetAsyncEnumerator(_gone.Token);
        }

        public double Epoch { get; private set; }

        public double Since { get; private set; }

        public double Sent { get; private set; }

        public JsValue State { get; private set; }

        public static async Task<Client> ComeAsync(RegisteredRig calls, int version = 1)
        {
            Client client = new(calls, version);
            client.Begin(await client.NextAsync());
            return client;
        }

        public Task<JsValue> NextAsync() => RegisteredRig.NextAsync(_feed);

        public void Begin(JsValue start) =>
            (Epoch, Since, State) = (start["turn"].AsNumber, start["since"].AsNumber, start["state"]);

        public void Take(JsValue batch)
        {
            Assert.Equal(Epoch, batch["turn"].AsNumber);
            Sent = batch["since"].AsNumber;
        }

        public async Task<JsValue> BatchAsync()
        {
            JsValue batch = await NextAsync();
            Take(batch);
            return batch;
        }

        public async Task CommitAsync(
            string state, double? epoch = null, double? after = null, double? since = null, string rows = "[]")
        {
            await _calls.CallAsync("views.commit", "\"counted\"",
                $$"""{"turn":{{epoch ?? Epoch}},"after":{{after ?? Since}},"since":{{since ?? Sent}},"state":{{state}},"rows":{{rows}}}""");
            Since = since ?? Sent;
        }

        public async ValueTask DisposeAsync()
        {
            await _gone.CancelAsync();
            try
            {
                while (await _feed.MoveNextAsync())
                {
                }
            }
            catch (Exception ended) when (ended is OperationCanceledException or ApiException or NotSupportedException)
            {
            }
        }
    }
}
