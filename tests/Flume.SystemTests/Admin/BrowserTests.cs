using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Flume.Log;
using Flume.TestKit;

namespace Flume.SystemTests.Admin;

public sealed class BrowserTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    [BrowserFact]
    public async Task An_operator_finds_the_page_working_in_a_real_browser()
    {
        using TempFolder folder = new();
        await RunAsync(folder, "flume.http.tokens = []", "", "");
    }

    [BrowserFact]
    public async Task The_page_asks_for_a_token_where_one_is_needed()
    {
        using TempFolder folder = new();
        string token = Convert.ToHexStringLower(new byte[24]);
        await RunAsync(
            folder, $"flume.http {{ tokens = [\"read {token}\"], tokens-on-loopback = on }}", "asks for a token", token);
    }

    [BrowserFact]
    public async Task The_page_asks_the_SQL_view_where_it_is_on()
    {
        using TempFolder folder = new();
        await RunAsync(folder, "flume.sql.enabled = on", "in SQL", "");
    }

    /// <summary>Imports an identity whose log has two records that are not JSON, around one that is.</summary>
    private static async Task ImportBrokenAsync(TempFolder folder)
    {
        using (OffsetLog log = OffsetLog.Open(folder["broken.offset"]))
        {
            foreach (string record in (string[])["not json", "[1,2,3]", "{\"key\":"])
                log.Append(Encoding.UTF8.GetBytes(record), Durability.Os);
        }

        (int exit, _, string error) = await FlumeProcess.RunAsync(
            "import", folder["broken.offset"], "--identity", "unreadable", "--data", folder["data"]);
        Assert.True(exit == 0, error);
    }

    private static async Task RunAsync(TempFolder folder, string configuration, string only, string token)
    {
        await File.WriteAllTextAsync(folder["flume.conf"], configuration);
        await using FlumeProcess flume = FlumeProcess.Start(
            "serve", "--data", folder["data"], "--http", "127.0.0.1:0", "--json", "--config", folder["flume.conf"]);
        string line = await flume.ReadLineAsync() ?? throw new InvalidOperationException("The server did not start.");
        string address = JsonDocument.Parse(line).RootElement.GetProperty("address").GetString()!;
        await ImportBrokenAsync(folder);

        ProcessStartInfo start = new("node", [Path.Combine(Browser.Folder, "run.js"), address, Browser.Chromium!, only])
        {
            WorkingDirectory = Browser.Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["FLUME_TOKEN"] = token },
        };
        using Process run = Process.Start(start)!;
        Task<string> output = run.StandardOutput.ReadToEndAsync();
        Task<string> error = run.StandardError.ReadToEndAsync();
        try
        {
            await run.WaitForExitAsync().WaitAsync(Patience);
        }
        catch (TimeoutException)
        {
            run.Kill(entireProcessTree: true);
            Assert.Fail($"The scenarios did not end within {Patience}: {await output}{await error}");
        }

        Assert.True(run.ExitCode == 0, $"{await output}{await error}");
    }
}

/// <summary>A test in a browser: skipped, with the reason, where node, Chromium or puppeteer-core is missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class BrowserFactAttribute : FactAttribute
{
    public BrowserFactAttribute()
    {
        if (!Peer.HasNode) Skip = "node is not installed.";
        else if (Browser.Chromium is null) Skip = "Chromium is not installed: apt-get install chromium.";
        else if (((string[])["puppeteer-core", "axe-core"]).Any(
            module => !Directory.Exists(Path.Combine(Browser.Folder, "node_modules", module))))
            Skip = "puppeteer-core or axe-core is not installed: npm install in tests/browser.";
    }
}

/// <summary>Finds the browser and its scripts.</summary>
internal static class Browser
{
    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

    /// <summary>The folder of the scenarios.</summary>
    public static string Folder { get; } = TempLog.RepositoryPath("tests", "browser");

    /// <summary>The browser's program; null when there is none.</summary>
    public static string? Chromium { get; } = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
        .SelectMany(folder => Names.Select(name => Path.Combine(folder, name)))
        .FirstOrDefault(File.Exists);
}
