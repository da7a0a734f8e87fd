using System.Net.Http;
using System.Text.Json;
using Flume.Host.Serving;
using Flume.Query.Json;
using Flume.Ssb.Api;
using Flume.TestKit;
using Xunit;
using Xunit.Abstractions;

namespace Flume.SystemTests.Golden;

/// <summary>
/// All golden answers from one served directory: over HTTP and by <c>call</c>, while and after a rebuild, and after a
/// restart.
/// </summary>
public sealed class GoldenServedTests(ITestOutputHelper output)
{
    private const string Sample = "sample";

    /// <summary>Of so many cases one is asked by a program of its own.</summary>
    private const int SpawnEvery = 80;

    private const int AsksMax = 50;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Every_answer_is_the_same_by_every_way_before_and_after_a_restart_and_a_rebuild_and_during_one()
    {
        using TempFolder folder = new();
        await ServedAsync(folder, async http =>
        {
            await AllAsync("over HTTP", new HttpAnswers(http, Sample));
            await AllAsync("call --http", new CallAnswers(http.BaseAddress!, Sample));
            await SomeAsync("flume call --http", new SpawnedAnswers("--http", http.BaseAddress!.Authority));
            await DuringRebuildAsync(http);
            await RebuiltAsync(http);
            await AllAsync("after a rebuild", new HttpAnswers(http, Sample));
        });
        await ServedAsync(folder, http => AllAsync("after a restart", new HttpAnswers(http, Sample)));
        await SomeAsync("flume call --data", new SpawnedAnswers("--data", folder.Path));
        await using OfflineEngine session = OfflineEngine.Start(new DataDirectory(folder.Path), new OfflineUse(Writes: true));
        await AllAsync("call --data", new OfflineAnswers(await session.OpenAsync(Sample, default)));
    }

    private Task AllAsync(string way, IGoldenAnswers answers) =>
        new GoldenVerdict(output, way).AddAllAsync(answers, GoldenCase.All);

    private Task SomeAsync(string way, IGoldenAnswers answers) => new GoldenVerdict(output, way)
        .AddAllAsync(answers, GoldenCase.All.Where((_, i) => i % SpawnEvery == 0));

    /// <summary>
    /// Rebuilds at a thousandth of their pace, so that each case is seen to be answered while one runs.
    /// </summary>
    private async Task DuringRebuildAsync(HttpClient http)
    {
        await PostAsync(http, "budget?share=0.001");
        HttpAnswers answers = new(http, Sample);
        GoldenVerdict verdict = new(output, "while a rebuild runs");
        foreach (GoldenCase golden in GoldenCase.All)
        {
            (ApiMethod method, JsArray args) = GoldenRun.Call(golden);
            GoldenAnswer answer = await DuringRebuildAsync(http, answers, method, args);
            verdict.Add(golden, GoldenRun.Compare(golden, method, answer));
        }
        verdict.Close();
        await PostAsync(http, "budget?share=1");
    }

    private static async Task<GoldenAnswer> DuringRebuildAsync(
        HttpClient http, HttpAnswers answers, ApiMethod method, JsArray args)
    {
        for (int asked = 0; asked < AsksMax; asked++)
        {
            GoldenAnswer answer = await answers.AskAsync(method, args);
            if (answer.WhileRebuilding || answer.Error is not null || !answer.IsFromView) return answer;
            // Of nine views some may be at it still; those that are not begin.
            using HttpResponseMessage again = await http.PostAsync($"/v1/{Sample}/views/rebuild", null);
        }
        throw new TimeoutException($"{method.Name} was asked {AsksMax} times and never answered while a rebuild ran.");
    }

    private static async Task RebuiltAsync(HttpClient http)
    {
        // Some views may be rebuilding still, and some not: that is refused, and no matter.
        using HttpResponseMessage cancelled = await http.PostAsync($"/v1/{Sample}/views/cancel", null);
        await QuietAsync(http);
        await PostAsync(http, "rebuild");
        await QuietAsync(http);
    }

    private static async Task QuietAsync(HttpClient http)
    {
        using CancellationTokenSource deadline = new(Patience);
        while (await IsBusyAsync(http))
            Assert.False(deadline.IsCancellationRequested, $"Views were busy for {Patience.TotalSeconds} s.");
    }

    private static async Task<bool> IsBusyAsync(HttpClient http)
    {
        using JsonDocument views = JsonDocument.Parse(await http.GetStringAsync($"/v1/{Sample}/views"));
        return views.RootElement.GetProperty("views").EnumerateArray()
            .Any(view => view.GetProperty("state").GetString() != "live"
                || (view.TryGetProperty("rebuilding", out JsonElement of) && of.ValueKind == JsonValueKind.Object));
    }

    private static async Task PostAsync(HttpClient http, string command)
    {
        using HttpResponseMessage response = await http.PostAsync($"/v1/{Sample}/views/{command}", null);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
    }

    private static async Task ServedAsync(TempFolder folder, Func<HttpClient, Task> use)
    {
        await using FlumeProcess flume = FlumeProcess.Start(
            "serve", "--data", folder.Path, "--http", "127.0.0.1:0", "--json");
        string? line = await flume.ReadLineAsync();
        if (line is null) Assert.Fail(await flume.ErrorAsync());
        using JsonDocument told = JsonDocument.Parse(line);
        Uri address = new(told.RootElement.GetProperty("address").GetString()!);
        using HttpClient http = new() { BaseAddress = address, Timeout = Patience };
        await use(http);
        flume.Terminate();
        Assert.Equal(0, await flume.EndAsync());
    }
}
