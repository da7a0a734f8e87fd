using System.Diagnostics;
using System.Net.Http;
using System.Text.Json;
using Flume.TestKit;

namespace Flume.Host.Tests.Admin;

public sealed class EventsTests
{
    [Fact]
    public async Task The_first_events_are_the_whole_state_and_the_next_are_what_changed()
    {
        await using ServedSite site = await ServedSite.StartAsync();
        site.Append("{\"a\":1}");
        using EventClient client = await EventClient.OpenAsync(site);

        List<(string Name, JsonElement Data)> first = await client.UntilAsync((name, _) => name == "ready");
        Assert.Contains(first, each => each.Name == "server" && each.Data.GetProperty("version").GetString() is { Length: > 0 });
        JsonElement alice = first.First(each => each.Name == "identity").Data;
        Assert.Equal("alice", alice.GetProperty("name").GetString());
        Assert.Equal(1, alice.GetProperty("states").GetProperty("rebuilding").GetInt32());
        JsonElement view = first.First(each => each.Name == "view").Data;
        Assert.Equal("feeds", view.GetProperty("view").GetProperty("name").GetString());
        Assert.Equal(0.25, view.GetProperty("view").GetProperty("rebuilding").GetProperty("progress").GetDouble());

        long before = site.Alice.Log.EndPosition;
        site.Append("{\"b\":2}");
        List<(string Name, JsonElement Data)> next = await client.UntilAsync(
            (name, data) => name == "identity" && data.GetProperty("bytes").GetInt64() > before &&
                data.GetProperty("records").ValueKind == JsonValueKind.Number && data.GetProperty("records").GetInt64() == 2 && data.GetProperty("bytesPerSecond").GetDouble() > 0);
        Assert.DoesNotContain(next, each => each.Name == "ready");
    }

    [Fact]
    public async Task Who_watches_no_identity_gets_the_list_alone()
    {
        await using ServedSite site = await ServedSite.StartAsync();
        using EventClient client = await EventClient.OpenAsync(site, "");
        List<(string Name, JsonElement Data)> first = await client.UntilAsync((name, _) => name == "ready");
        Assert.Contains(first, each => each.Name == "identity");
        Assert.DoesNotContain(first, each => each.Name == "view");
    }

    [Fact]
    public async Task An_identity_that_refuses_is_shown_with_its_reason()
    {
        await using ServedSite site = await ServedSite.StartAsync();
        site.Alice.Failure = new IOException("The disk is gone.");
        using EventClient client = await EventClient.OpenAsync(site);
        JsonElement shown = (await client.UntilAsync((name, _) => name == "identity"))[^1].Data;
        Assert.Equal("The disk is gone.", shown.GetProperty("error").GetString());
    }

    [Fact]
    public async Task A_change_is_told_at_most_four_times_a_second()
    {
        await using ServedSite site = await ServedSite.StartAsync();
        using EventClient client = await EventClient.OpenAsync(site);
        await client.UntilAsync((name, _) => name == "ready");
        using CancellationTokenSource stop = new();
        Task appending = Task.Run(() =>
        {
            while (!stop.IsCancellationRequested) site.Append("{\"c\":3}");
        });

        long start = Stopwatch.GetTimestamp();
        int told = 0;
        while (told < 6) told += await client.NextAsync() is { Name: "identity" } ? 1 : 0;
        TimeSpan took = Stopwatch.GetElapsedTime(start);
        await stop.CancelAsync();
        await appending;
        Assert.True(took > TimeSpan.FromSeconds(1), $"Six pictures came within {took.TotalMilliseconds} ms.");
    }

    [Fact]
    public async Task More_clients_than_allowed_are_refused_and_the_place_of_one_that_left_is_free()
    {
        await using ServedSite site = await ServedSite.StartAsync(ServedSite.Limits with { WatchersMax = 1 });
        using (EventClient first = await EventClient.OpenAsync(site))
        {
            await first.NextAsync();
            JsonElement problem = await ServedSite.ProblemAsync(
                await site.Client.GetAsync("/v1/events"), "too-many-streams", 503);
            Assert.Equal("flume.http.watchers-max", problem.GetProperty("key").GetString());
        }

        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(10));
        while (true)
        {
            using HttpResponseMessage again = await site.Client.GetAsync(
                "/v1/events", HttpCompletionOption.ResponseHeadersRead);
            if (again.IsSuccessStatusCode) return;
            Assert.False(patience.IsCancellationRequested, "The place of a client that left was not free in ten seconds.");
        }
    }

    [Fact]
    public async Task The_stream_ends_when_the_server_stops()
    {
        await using ServedSite site = await ServedSite.StartAsync();
        using EventClient client = await EventClient.OpenAsync(site);
        await client.UntilAsync((name, _) => name == "ready");
        Task stopping = site.StopAsync();
        while (await client.NextAsync() is not null)
        {
        }

        await stopping.WaitAsync(TimeSpan.FromSeconds(20));
    }
}
