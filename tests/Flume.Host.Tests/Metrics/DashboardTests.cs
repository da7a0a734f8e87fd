using System.Net.Http;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Flume.TestKit;

namespace Flume.Host.Tests.Metrics;

public sealed partial class DashboardTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Every_metric_that_the_dashboard_and_the_alerts_name_is_one_that_a_running_server_has()
    {
        using TempFolder folder = new();
        await using FlumeProcess flume = FlumeProcess.Start(
            "serve", "--data", folder.Path, "--http", "127.0.0.1:0", "--json");
        string line = await flume.ReadLineAsync() ?? throw new InvalidOperationException("The server did not start.");
        string address = JsonDocument.Parse(line).RootElement.GetProperty("address").GetString()!;
        using HttpClient http = new() { BaseAddress = new Uri(address), Timeout = Patience };
        await http.GetStringAsync("/metrics"); // from now on all is counted
        // After its first answer a view follows the log, so that a step applies the next append.
        await http.PostAsync("/v1/sample/rpc", new StringContent("{\"name\":\"query.read\",\"args\":[{\"limit\":1}]}"));
        using StringContent record = new("{\"key\":1}", Encoding.UTF8, "application/json");
        using HttpResponseMessage appended = await http.PostAsync("/v1/sample/log", record);
        Assert.True(appended.IsSuccessStatusCode);
        using HttpResponseMessage rebuilt = await http.PostAsync("/v1/sample/views/query/rebuild", null);
        Assert.True(rebuilt.IsSuccessStatusCode, await rebuilt.Content.ReadAsStringAsync());

        using (HttpResponseMessage refused = await http.PostAsync("/v1/sample/log?expectedHead=0", new StringContent("{\"key\":2}")))
            Assert.Equal(409, (int)refused.StatusCode);
        string alerts = await File.ReadAllTextAsync(TempLog.RepositoryPath("docs", "grafana", "alerts.yml"));
        string[] wanted = [.. Metric().Matches(alerts).Select(match => match.Value), "flume_build_info", "flume_muxrpc_connections", .. Names(await File.ReadAllTextAsync(TempLog.RepositoryPath("docs", "grafana", "flume.json")))];
        Assert.True(wanted.Length > 20, $"The dashboard names only {wanted.Length} metrics.");
        using CancellationTokenSource patience = new(Patience);
        while (true)
        {
            string scraped = await http.GetStringAsync("/metrics");
            string[] missing = [.. wanted.Where(name => !scraped.Contains($"\n{name}"))];
            if (missing.Length == 0) return;
            Assert.False(patience.IsCancellationRequested, $"The server has no {string.Join(", ", missing)}.");
            await Task.Delay(250);
        }
    }

    private static IEnumerable<string> Names(string dashboard)
    {
        HashSet<string> names = [];
        foreach (JsonElement panel in JsonDocument.Parse(dashboard).RootElement.GetProperty("panels").EnumerateArray())
        {
            foreach (JsonElement target in panel.GetProperty("targets").EnumerateArray())
                names.UnionWith(Metric().Matches(target.GetProperty("expr").GetString()!).Select(match => match.Value));
        }

        return names;
    }

    [GeneratedRegex(@"\b(?:flume|dotnet|http_server)_\w+")]
    private static partial Regex Metric();
}
