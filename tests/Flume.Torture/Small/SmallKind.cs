using System.Diagnostics;
using System.Globalization;

namespace Flume.Torture.Small;

/// <summary>A cgroup of 256 MB, page cache included: import, serve, query, rebuild; nothing is killed for its memory.</summary>
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
            run.Options, "generate", log, "--secret", "--messages", Messages.ToString(CultureInfo.InvariantCulture)).ConfigureAwait(false);
        if (code != 0) throw new InvalidOperationException($"generate fails: {output}");
        using var group = new MemoryGroup(256);
        TortureOptions small = run.Options with { Flume = group.Wrap(run.Options.Flume, folder) };
        foreach (string[] verb in (string[][])
            [["import", log, "--identity", "me", "--data", data], ["verify", "--data", data], ["rebuild", "--data", data]])
        {
            (code, output) = await FlumeVerb.RunAsync(small, verb).ConfigureAwait(false);
            run.Count();
            if (code != 0) run.Violate(run.Options.Seed, $"{verb[0]} fails in 256 MB", $"exit {code}: {output}");
            run.Note(group.Describe(verb[0]));
        }

        await ServeAsync(run, small, (data, group)).ConfigureAwait(false);
    }

    private static async Task ServeAsync(TortureRun run, TortureOptions small, (string Data, MemoryGroup Group) at)
    {
        using FlumeServer server = FlumeServer.Start(small, at.Data);
        if (!await server.AnnouncedAsync(Patience).ConfigureAwait(false))
        {
            run.Violate(run.Options.Seed, "no start in 256 MB", server.Output);
            return;
        }

        await StepAsync(run, server, at, "serve", async () =>
            await server.LiveAsync("me", Patience).ConfigureAwait(false) ? (200, "") : (0, "not live")).ConfigureAwait(false);
        foreach (string query in (string[])["[{\"$sort\":[[\"value\",\"timestamp\"]]}]", "[{\"$reduce\":{\"k\":[\"key\"],\"n\":{\"$count\":true}}}]"])
            await StepAsync(run, server, at, "query", () => server.CallAsync("me", "query.read", $"[{{\"query\":{query}}}]")).ConfigureAwait(false);
        await StepAsync(run, server, at, "rebuild of all views", () => server.PostAsync("/v1/me/views/rebuild")).ConfigureAwait(false);
        await StepAsync(run, server, at, "views after it", async () =>
            await server.LiveAsync("me", Patience).ConfigureAwait(false) ? (200, "") : (0, "not live")).ConfigureAwait(false);
        if (await server.StopAsync(Patience).ConfigureAwait(false) is not 0)
            run.Violate(run.Options.Seed, "a clean stop fails in 256 MB", server.Output);
    }

    // A refusal in plain words is an answer; none, or the end of the process, is not.
    private static async Task StepAsync(
        TortureRun run, FlumeServer server, (string Data, MemoryGroup Group) at, (string Name, Func<Task<(int, string)>> Do) step)
    {
        long began = Stopwatch.GetTimestamp();
        (int status, string body) = await step.Do().ConfigureAwait(false);
        run.Count();
        string took = $"{Stopwatch.GetElapsedTime(began).TotalSeconds:f0} s, {at.Group.Describe(step.Name)}";
        Console.WriteLine($"small: {step.Name}: {status} {body[..Math.Min(150, body.Length)]} ({took})");
        if (!server.IsAlive) run.Violate(run.Options.Seed, $"the process ended at {step.Name}", $"exit {server.ExitCode}: {server.Output}");
        else if (status is 0 or 500) run.Violate(run.Options.Seed, $"no answer to {step.Name}", body);
    }

    private static Task StepAsync(
        TortureRun run, FlumeServer server, (string Data, MemoryGroup Group) at, string name, Func<Task<(int, string)>> step) =>
        StepAsync(run, server, at, (name, step));
}
