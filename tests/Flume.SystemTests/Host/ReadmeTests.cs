using System.Diagnostics;
using System.Net.Http;
using System.Text.RegularExpressions;
using Flume.TestKit;

namespace Flume.SystemTests.Host;

/// <summary>The commands of README's "Five minutes", run against one server in their order: each prints what README prints.</summary>
public sealed partial class ReadmeTests
{
    private const string Begin = "## Five minutes", End = "## Your own ssb directory", Home = "/home/me/flume";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Each_command_of_the_five_minutes_prints_what_the_README_says()
    {
        using TempFolder folder = new();
        List<(string Command, string Output)> steps = Steps(await File.ReadAllTextAsync(TempLog.RepositoryPath("README.md")));
        Assert.True(steps.Count >= 12, $"README has {steps.Count} commands between '{Begin}' and '{End}'.");
        Assert.Equal("./run.sh", steps[0].Command);
        await using FlumeProcess server = FlumeProcess.StartIn(folder.Path,
            "serve", "--data", "data", "--http", "127.0.0.1:0", "--muxrpc", "127.0.0.1:0");
        string serves = (await server.ReadLineAsync())!;
        Match at = Address().Match(serves);
        Assert.True(at.Success, serves);
        string Shown(string text) => text.Replace(folder.Path, Home).Replace(at.Groups["http"].Value, "7788")
            .Replace(at.Groups["shs"].Value, "8008").Replace("serves data ", "serves ./data ");
        string printed = Shown(serves);
        await CaughtUpAsync($"http://127.0.0.1:{at.Groups["http"].Value}/v1/sample/views");
        foreach ((string command, string output) in steps.Skip(1))
        {
            bool isOffline = command.Contains("--data data");
            if (isOffline)
            {
                server.Terminate();
                Assert.Equal(0, await server.EndAsync());
            }

            string here = command.Replace("localhost:7788", $"127.0.0.1:{at.Groups["http"].Value}");
            if (here.StartsWith("./run.sh ", StringComparison.Ordinal))
            {
                here = $"'{Path.Combine(AppContext.BaseDirectory, "flume")}' {here["./run.sh ".Length..]}" +
                    (isOffline ? "" : $" --http 127.0.0.1:{at.Groups["http"].Value}");
            }

            string came = Shown(await RunAsync(here, folder.Path));
            Assert.Equal($"$ {command}\n{Steady(output)}", $"$ {command}\n{Steady(came)}");
        }

        Assert.Equal(steps[0].Output, $"{Shown((await server.ErrorAsync()).Split('\n')[0])}\n{printed}");
    }

    /// <summary>Waits until every view is live, as when a reader has opened another terminal.</summary>
    private static async Task CaughtUpAsync(string views)
    {
        using HttpClient http = new();
        using CancellationTokenSource patience = new(Patience);
        while ((await http.GetStringAsync(views, patience.Token)).Contains("\"catching-up\"", StringComparison.Ordinal))
            await Task.Delay(50, patience.Token);
    }

    /// <summary>The commands of the section's console blocks, each with the lines that follow it.</summary>
    private static List<(string Command, string Output)> Steps(string readme)
    {
        string section = readme[readme.IndexOf(Begin, StringComparison.Ordinal)..readme.IndexOf(End, StringComparison.Ordinal)];
        List<(string, string)> steps = [];
        string[] parts = section.Split("```");
        for (int i = 1; i < parts.Length; i += 2)
        {
            foreach (string step in parts[i]["console\n".Length..].Split("\n$ ").Select(text => text.TrimStart('$', ' ')))
            {
                string[] lines = step.TrimEnd('\n').Split('\n');
                int command = 1;
                while (command < lines.Length && IsOpen(string.Join('\n', lines[..command]))) command++;
                steps.Add((string.Join('\n', lines[..command]), string.Join('\n', lines[command..]).Trim()));
            }
        }

        return steps;
    }

    /// <summary>The output without what differs from run to run: sizes, rates, durations, and headers of every answer.</summary>
    private static string Steady(string output)
    {
        IEnumerable<string> lines = output.ReplaceLineEndings("\n").Split('\n')
            .Where(line => !EveryAnswer().IsMatch(line)).Select(line => ViewRow().Replace(line, "$1"));
        return Varying().Replace(string.Join('\n', lines), "<varies>");
    }

    /// <summary>True for a command that goes on in the next line.</summary>
    private static bool IsOpen(string command) =>
        command.Count(character => character == '\'') % 2 == 1 || command.EndsWith('|') || command.EndsWith('\\');

    private static async Task<string> RunAsync(string command, string folder)
    {
        ProcessStartInfo start = new("/bin/bash", ["-c", command])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder,
        };
        using Process bash = Process.Start(start)!;
        Task<string> output = bash.StandardOutput.ReadToEndAsync(), error = bash.StandardError.ReadToEndAsync();
        await bash.WaitForExitAsync().WaitAsync(Patience);
        Assert.True(bash.ExitCode == 0, $"{command}\n{await error}");
        return (await output).Trim();
    }

    [GeneratedRegex(@"127\.0\.0\.1:(?<http>\d+) and net:127\.0\.0\.1:(?<shs>\d+)~shs")]
    private static partial Regex Address();

    [GeneratedRegex(@"^(\w+ +built-in +\S+ +\d+ +\d+) .*$")]
    private static partial Regex ViewRow();

    [GeneratedRegex("^(Date|Server|Transfer-Encoding|X-Content-Type-Options|Cross-Origin-Resource-Policy|Cache-Control): ")]
    private static partial Regex EveryAnswer();

    [GeneratedRegex(@"\b[\d.,]+ (k|M|G)?B/s|\bin [\d.]+ s\b|view +kind .*")]
    private static partial Regex Varying();
}
