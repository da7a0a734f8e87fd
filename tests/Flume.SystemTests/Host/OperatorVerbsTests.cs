using System.Diagnostics;
using System.Text.Json;
using Flume.TestKit;

namespace Flume.SystemTests.Host;

/// <summary>The verbs of who watches over a service, with the real program.</summary>
public sealed class OperatorVerbsTests
{
    private const string Votes = """
        [{"$filter":{"value":{"content":{"type":"vote"}}}},
         {"$reduce":{"author":["value","author"],"votes":{"$count":true}}},{"$sort":[["votes"]]}]
        """;

    [Fact]
    public async Task A_service_is_followed_asked_paused_checked_and_backed_up_from_the_command_line()
    {
        using TempFolder folder = new();
        await using FlumeProcess server = FlumeProcess.Start("serve", "--data", folder["data"], "--http", "127.0.0.1:0", "--json");
        string at = JsonDocument.Parse((await server.ReadLineAsync())!).RootElement.GetProperty("address").GetString()!;

        string tailed = await OkAsync("tail", "--http", at, "--from", "0", "--type", "vote", "--limit", "3");
        Assert.Equal(tailed, await OkAsync("tail", "--data", folder["data"], "--from", "0", "--once", "--type", "vote", "--limit", "3"));
        Assert.All(tailed.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => Assert.Contains("\"type\":\"vote\"", line));

        string[] lines = (await OkAsync("query", Votes, "--http", at, "--limit", "4"))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(4, lines.Length);
        string[] table = (await OkAsync("query", Votes, "--http", at, "--limit", "4", "--table"))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(["author", "votes"], table[0].Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(5, table.Length);
        await File.WriteAllTextAsync(folder["votes.json"], Votes);
        Assert.Contains("\"reads\"", await OkAsync("query", "--file", folder["votes.json"], "--explain", "--http", at));

        Assert.Contains("feeds", await OkAsync("views", "pause", "feeds", "--reason", "a test", "--http", at));
        Assert.Contains("paused", await OkAsync("status", "--http", at));
        Assert.Contains("feeds", await OkAsync("views", "resume", "feeds", "--http", at));
        Assert.Contains("search", await OkAsync("views", "budget", "search", "--share", "0.5", "--http", at));
        Assert.Contains("search", await OkAsync("views", "rebuild", "search", "--http", at));

        Assert.Contains(": agree", await OkAsync("check", "links", "--http", at));
        Assert.Contains("--seed 7: agree", await OkAsync("check", "links", "--sample", "50", "--seed", "7", "--http", at));
        await OkAsync("backup", folder["backup"], "--http", at);
        JsonElement again = JsonDocument.Parse(await OkAsync("backup", folder["backup"], "--http", at, "--json")).RootElement;
        Assert.Equal(0, again.GetProperty("newBytes").GetInt64());
        (int exit, _, string error) = await FlumeProcess.RunAsync("backup", folder["data", "identities", "sample", "b"], "--http", at);
        Assert.Equal(1, exit);
        Assert.Contains("would lie in what it backs up", error);

        server.Terminate();
        Assert.Equal(0, await server.EndAsync());
        await OkAsync("restore", folder["backup"], "--data", folder["restored"], "--newest-own", "0");
        Assert.Contains(": agree", await OkAsync("check", "--data", folder["restored"]));
        Assert.Contains("healthy", await OkAsync("doctor", "--data", folder["restored"], "--ids"));
    }

    [Fact]
    public async Task A_watched_status_is_told_again_and_again()
    {
        using TempFolder folder = new();
        await using FlumeProcess server = FlumeProcess.Start("serve", "--data", folder.Path, "--http", "127.0.0.1:0", "--json");
        string at = JsonDocument.Parse((await server.ReadLineAsync())!).RootElement.GetProperty("address").GetString()!;
        await using FlumeProcess watch = FlumeProcess.Start("status", "--http", at, "--watch", "0.05", "--json");
        for (int i = 0; i < 3; i++)
            Assert.True(JsonDocument.Parse((await watch.ReadLineAsync())!).RootElement.TryGetProperty("identities", out _));
        watch.Terminate();
        Assert.Equal(0, await watch.EndAsync());
    }

    [Fact]
    public async Task Bash_completes_verbs_options_views_and_methods()
    {
        if (!File.Exists("/bin/bash")) return;
        using TempFolder folder = new();
        await File.WriteAllTextAsync(folder["flume.bash"], await OkAsync("completions", "bash"));
        Assert.Equal("rebuild restore reopen", await CompleteAsync(folder, "flume", "re"));
        Assert.Equal("backlinks", await CompleteAsync(folder, "flume", "rebuild", "ba"));
        Assert.Equal("--watch", await CompleteAsync(folder, "flume", "status", "--w"));
        Assert.Equal("backlinks.read", await CompleteAsync(folder, "flume", "call", "backlinks."));
        Assert.Equal(folder["flume.bash"], await CompleteAsync(folder, "flume", "verify", folder["flu"]));
        Assert.Equal(folder["flume.bash"], await CompleteAsync(folder, "flume", "query", "--file", folder["flu"]));
    }

    [Theory]
    [InlineData("zsh", "#compdef flume")]
    [InlineData("fish", "complete -c flume")]
    public async Task Other_shells_get_a_script_that_knows_every_verb(string shell, string begins)
    {
        string script = await OkAsync("completions", shell);
        Assert.StartsWith(begins, script);
        foreach (string verb in (string[])["serve", "doctor", "backup", "tail", "completions"]) Assert.Contains(verb, script);
    }

    private static async Task<string> CompleteAsync(TempFolder folder, params string[] words)
    {
        string typed = string.Join(' ', words.Select(word => $"'{word}'"));
        ProcessStartInfo start = new("/bin/bash",
            ["-c", $"source '{folder["flume.bash"]}'; COMP_WORDS=({typed}); COMP_CWORD={words.Length - 1}; _flume; echo \"${{COMPREPLY[*]}}\""])
        {
            RedirectStandardOutput = true,
        };
        using Process bash = Process.Start(start)!;
        string output = await bash.StandardOutput.ReadToEndAsync().WaitAsync(TimeSpan.FromSeconds(20));
        await bash.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(20));
        return output.Trim();
    }

    private static async Task<string> OkAsync(params string[] args)
    {
        (int exit, string output, string error) = await FlumeProcess.RunAsync(args);
        Assert.True(exit == 0, $"flume {string.Join(' ', args)} ended with {exit}: {error}{output}");
        return output;
    }
}
