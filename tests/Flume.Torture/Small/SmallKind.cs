using System.Diagnostics;
using System.Globalization;

namespace Flume.Torture.Small;

/// <summary>
/// A cgroup of 256 MB, page cache included: import, serve, query, rebuild; nothing is killed for its memory.
/// </summary>
internal sealed class SmallKind : IKind
{
    private const int Messages = 200_000;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    public string Name => "small";

    public string What => "256 MB of memory: a log of 200,000 messages is imported, served, sorted, rebuilt";

    public double Weight => 1;

    public string? Lacks => MemoryGroup.CanMake ? null : "it may not make a memory cgroup";

    public async Task RunAsync(TortureRun run)
    {
        string folder = run.Folder("s");
        string log = Path.Combine(folder, "log.offset"), data = Path.Combine(folder, "d");
        (int code, string output) = await FlumeVerb.RunAsync(
            run.Options, "generate", log, "--secret", "--messages", Messages.ToString(CultureInfo.InvariantCulture));
        if (code != 0) throw new InvalidOperationException($"generate fails: {output}");
        using var group = new MemoryGroup(256);
        TortureOptions small = run.Options with { Flume = group.Wrap(run.Options.Flume, folder) };
        string[] import = ["import", log, "--identity", "me", "--data", data];
        foreach (string[] verb in (string[][])[import, ["verify", "--data", data], ["rebuild", "--data", data]])
        {
            (code, output) = await FlumeVerb.RunAsync(small, verb);
            run.Count();
            if (code != 0) run.Violate(run.Options.Seed, $"{verb[0]} fails in 256 MB", $"exit {code}: {output}");
            run.Note(group.Describe(verb[0]));
        }

        await ServeAsync(run, small, (data, group));
    }

    private static async Task ServeAsync(TortureRun run, TortureOptions small, (string Data, MemoryGroup Group) at)
    {
        using FlumeServer server = FlumeServer.Start(small, at.Data);
        if (!await server.AnnouncedAsync(Patience))
        {
            run.Violate(run.Options.Seed, "no start in 256 MB", server.Output);
            return;
        }

        var steps = new SmallSteps(run, server, at.Group);
        await steps.DoAsync("serve", () => LiveAsync(server));
        await steps.DoAsync("sort of all", () => QueryAsync(server, "[{\"$sort\":[[\"value\",\"timestamp\"]]}]"));
        await steps.DoAsync("groups of all", () => QueryAsync(server, "[{\"$reduce\":{\"k\":[\"key\"],\"n\":{\"$count\":true}}}]"));
        await steps.DoAsync("rebuild of all views", () => server.PostAsync("/v1/me/views/rebuild"));
        await steps.DoAsync("views after it", () => LiveAsync(server));
        if (server.IsAlive && await server.StopAsync(Patience) is not 0)
            run.Violate(run.Options.Seed, "a clean stop fails in 256 MB", server.Output);
    }

    private static Task<(int, string)> QueryAsync(FlumeServer server, string query) =>
        server.CallAsync("me", "query.read", $"[{{\"query\":{query}}}]");

    private static async Task<(int, string)> LiveAsync(FlumeServer server) =>
        await server.LiveAsync("me", Patience) ? (200, "") : (0, "not live");
}

/// <summary>Steps of a server in a memory cgroup, each with its answer, its time and the memory by then.</summary>
internal sealed class SmallSteps(TortureRun run, FlumeServer server, MemoryGroup group)
{
    private const int ShownChars = 150;

    // A refusal in plain words is an answer; none, or the end of the process, is not.
    public async Task DoAsync(string step, Func<Task<(int Status, string Body)>> does)
    {
        if (!server.IsAlive) return;
        long began = Stopwatch.GetTimestamp();
        (int status, string body) = await does();
        run.Count();
        string took = $"{Stopwatch.GetElapsedTime(began).TotalSeconds:f0} s, {group.Describe(step)}";
        Console.WriteLine($"small: {step}: {status} {body[..Math.Min(ShownChars, body.Length)]} ({took})");
        if (!server.IsAlive)
            run.Violate(run.Options.Seed, $"the process ended at {step}", $"exit {server.ExitCode}: {server.Output}");
        else if (status is 0 or 500)
            run.Violate(run.Options.Seed, $"no answer to {step}", body);
    }
}
