using System.Diagnostics;
using System.Text.Json;
using Flume.TestKit;

namespace Flume.SystemTests.Host;

/// <summary>The commands of README's "Keep a log of your own", run against a server: each prints what README prints.</summary>
public sealed class ReadmeTests
{
    private const string Begin = "**Keep a log of your own.**", End = "**Throw a view away";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Each_command_over_an_identity_of_events_prints_what_the_README_says()
    {
        using TempFolder folder = new();
        await using FlumeProcess server = FlumeProcess.Start(
            "serve", "--data", folder["data"], "--empty", "--http", "127.0.0.1:0", "--muxrpc", "off", "--json");
        Uri at = new(JsonDocument.Parse((await server.ReadLineAsync())!).RootElement.GetProperty("address").GetString()!);
        List<(string Command, string Output)> steps = Steps(File.ReadAllText(TempLog.RepositoryPath("README.md")));
        Assert.True(steps.Count >= 6, $"README has {steps.Count} commands between '{Begin}' and '{End}'.");
        foreach ((string command, string output) in steps)
        {
            string here = command.Replace("localhost:7788", at.Authority);
            if (here.StartsWith("./run.sh ", StringComparison.Ordinal))
                here = $"'{Path.Combine(AppContext.BaseDirectory, "flume")}' {here["./run.sh ".Length..]} --http {at.Authority}";
            Assert.Equal((command, output), (command, await RunAsync(here)));
        }
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

    /// <summary>True for a command that goes on in the next line.</summary>
    private static bool IsOpen(string command) =>
        command.Count(character => character == '\'') % 2 == 1 || command.EndsWith('|') || command.EndsWith('\\');

    private static async Task<string> RunAsync(string command)
    {
        ProcessStartInfo start = new("/bin/bash", ["-c", command]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process bash = Process.Start(start)!;
        Task<string> output = bash.StandardOutput.ReadToEndAsync(), error = bash.StandardError.ReadToEndAsync();
        await bash.WaitForExitAsync().WaitAsync(Patience);
        Assert.True(bash.ExitCode == 0, $"{command}\n{await error}");
        return (await output).Trim();
    }
}
