using System.Net.Http;
using System.Text;
using System.Text.Json;
using Flume.TestKit;
using Xunit.Abstractions;

namespace Flume.SystemTests.Kills;

/// <summary>kill -9 at random moments: nothing acknowledged is lost, nothing is invented, every view is whole.</summary>
public sealed class KillTests(ITestOutputHelper output)
{
    private const int Rounds = 50;

    [Fact]
    public async Task Appends_acknowledged_with_fsync_survive_fifty_kills_and_every_view_equals_a_rebuild()
    {
        Random random = Seeded("appends");
        using TempFolder folder = new();
        Dictionary<long, int> acknowledged = [];
        int next = 0;
        for (int round = 0; round < Rounds; round++)
        {
            await using FlumeProcess flume = Serve(folder.Path);
            using HttpClient http = await ConnectAsync(flume);
            await http.PostAsync("/v1/identities/kay", null);
            TaskCompletionSource answered = new(TaskCreationOptions.RunContinuationsAsynchronously);
            Task appending = AppendAsync(http, acknowledged, () => next++, answered);
            // One round in five dies while still starting; the others at any moment of a stream of appends.
            if (round % 5 != 0) await Task.WhenAny(answered.Task, appending);
            await Task.Delay(random.Next(0, 80));
            flume.Crash();
            await flume.EndAsync();
            await appending;

            Dictionary<long, int> stored = new CrashedDirectory(folder.Path, "kay").Records();
            foreach ((long offset, int number) in acknowledged)
                Assert.True(stored.TryGetValue(offset, out int found) && found == number,
                    $"round {round}: record {number} was acknowledged at {offset} and is not there");
            Assert.All(stored.Values, number => Assert.InRange(number, 0, next - 1));
            Assert.Equal(stored.Count, stored.Values.Distinct().Count());
        }
        output.WriteLine($"{acknowledged.Count} records acknowledged over {Rounds} kills");
        Assert.True(acknowledged.Count > Rounds);
        await CatchUpAsync(folder.Path);
        await new CrashedDirectory(folder.Path, "kay").ViewsEqualARebuildAsync();
    }

    [Fact]
    public async Task Views_killed_fifty_times_in_any_phase_of_a_rebuild_are_whole_and_leave_no_orphans()
    {
        Random random = Seeded("rebuilds");
        using TempFolder folder = new();
        (int exit, _, string error) = await FlumeProcess.RunAsync(
            "import", Vectors.Log, "--identity", "kay", "--data", folder.Path);
        Assert.True(exit == 0, error);
        string? pause = null;
        for (int round = 0; round < Rounds; round++)
        {
            await using FlumeProcess flume = Serve(folder.Path);
            using HttpClient http = await ConnectAsync(flume);
            Assert.Equal((round, pause), (round, await PauseOfAboutAsync(http)));
            pause = await PauseOrResumeAboutAsync(http, pause, $"round {round}");
            string[] views = ["query", "backlinks", "search", "hashmap"];
            foreach (string view in views) await http.PostAsync($"/v1/kay/views/{view}/rebuild", null);
            await Task.Delay(random.Next(0, 150));
            flume.Crash();
            await flume.EndAsync();
        }
        await CatchUpAsync(folder.Path, resume: true);
        string stores = Path.Combine(folder.Path, "identities", "kay", "views");
        foreach (string view in Directory.GetDirectories(stores))
            Assert.Single(Directory.GetDirectories(view, "store-*"));
        await new CrashedDirectory(folder.Path, "kay").ViewsEqualARebuildAsync();
    }

    /// <summary>Appends one to five records at a time until the service is gone; notes what was acknowledged.</summary>
    private static async Task AppendAsync(
        HttpClient http, Dictionary<long, int> acknowledged, Func<int> next, TaskCompletionSource answered)
    {
        try
        {
            while (true)
            {
                int[] numbers = [.. Enumerable.Range(0, 1 + acknowledged.Count % 5).Select(_ => next())];
                using StringContent body = new(string.Join('\n', numbers.Select(Messages.Line)), Encoding.UTF8);
                HttpResponseMessage answer = await http.PostAsync("/v1/kay/log?durability=fsync", body);
                string text = await answer.Content.ReadAsStringAsync();
                if (!answer.IsSuccessStatusCode) continue;
                JsonElement offsets = JsonDocument.Parse(text).RootElement.GetProperty("offsets");
                for (int i = 0; i < numbers.Length; i++) acknowledged.Add(offsets[i].GetInt64(), numbers[i]);
                answered.TrySetResult();
            }
        }
        catch (Exception gone) when (gone is HttpRequestException or IOException or TaskCanceledException)
        {
        }
    }

    /// <summary>Starts once more, waits until each view stands at the head, stops cleanly.</summary>
    private static async Task CatchUpAsync(string data, bool resume = false)
    {
        await using FlumeProcess flume = Serve(data);
        using HttpClient http = await ConnectAsync(flume);
        if (resume) await http.PostAsync("/v1/kay/views/about/resume", null);
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(60));
        while (!await IsLiveAsync(http)) await Task.Delay(20, patience.Token);
        flume.Terminate();
        Assert.Equal(0, await flume.EndAsync());
    }

    /// <summary>The reason of the pause that the view 'about' is in, or null.</summary>
    private static async Task<string?> PauseOfAboutAsync(HttpClient http)
    {
        JsonElement about = JsonDocument.Parse(await http.GetStringAsync("/v1/kay/views/about")).RootElement;
        JsonElement paused = about.GetProperty("paused");
        return paused.ValueKind == JsonValueKind.Null ? null : paused.GetProperty("reason").GetString();
    }

    /// <summary>Ends the pause, or begins one; what was acknowledged is what must be found after the next kill.</summary>
    private static async Task<string?> PauseOrResumeAboutAsync(HttpClient http, string? pause, string reason)
    {
        string command = pause is null ? $"pause?reason={Uri.EscapeDataString(reason)}" : "resume";
        using HttpResponseMessage answer = await http.PostAsync($"/v1/kay/views/about/{command}", null);
        if (!answer.IsSuccessStatusCode) return pause; // it is being built for the first time
        return pause is null ? reason : null;
    }

    private static async Task<bool> IsLiveAsync(HttpClient http)
    {
        JsonElement state = JsonDocument.Parse(await http.GetStringAsync("/v1/kay/views")).RootElement;
        long head = state.GetProperty("head").GetInt64();
        return state.GetProperty("views").EnumerateArray().All(view =>
            view.GetProperty("since").GetInt64() == head && view.GetProperty("state").GetString() == "live");
    }

    private static FlumeProcess Serve(string data) =>
        FlumeProcess.Start("serve", "--data", data, "--http", "127.0.0.1:0", "--empty", "--json");

    private static async Task<HttpClient> ConnectAsync(FlumeProcess flume)
    {
        string? line = await flume.ReadLineAsync();
        Assert.True(line is not null, "the service ended before it said where it listens");
        return new HttpClient
        {
            BaseAddress = new Uri(JsonDocument.Parse(line).RootElement.GetProperty("address").GetString()!),
            Timeout = TimeSpan.FromSeconds(60),
        };
    }

    private Random Seeded(string what)
    {
        int seed = TestSeed.Draw();
        output.WriteLine($"{what}: FLUME_SEED={seed}");
        return new Random(seed);
    }
}
