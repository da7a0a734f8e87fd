using System.Net.Sockets;

namespace Flume.Torture.Hostile;

/// <summary>Hostile input of all surfaces against a live server, with a good client beside it.</summary>
internal sealed class HostileKind : IKind
{
    private const int Attackers = 3, AttacksLeast = 60;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    public string Name => "hostile";

    public string What => "fuzzed HTTP, JSON, queries, muxrpc, handshakes, slow clients: no stack, no hang, others are served";

    public double Weight => 2;

    public string? Lacks => null;

    public async Task RunAsync(TortureRun run)
    {
        string data = run.Folder("d");
        Vectors.PutIdentity(data, "me");
        using FlumeServer server = FlumeServer.Start(run.Options, data, ["--muxrpc", "127.0.0.1:0"]);
        if (!await server.AnnouncedAsync(Patience))
            throw new InvalidOperationException($"The server does not start: {server.Output}");
        await server.LiveAsync("me", Patience);
        ProcessUse before = ProcessUse.Of(server.Pid);
        using var end = new CancellationTokenSource();
        Task good = new GoodClient(run, server).RunAsync(end.Token);
        int next = run.Options.Seed - 1;
        await Task.WhenAll(Enumerable.Range(0, Attackers).Select(_ => Task.Run(async () =>
        {
            while ((!run.IsOver || run.Tried < AttacksLeast) && server.IsAlive)
                await AttackAsync(new Attempt(run, Interlocked.Increment(ref next)), server, data);
        })));
        await end.CancelAsync();
        await good;
        await JudgeEndAsync(run, server, (data, before));
    }

    private static async Task AttackAsync(Attempt attempt, FlumeServer server, string data)
    {
        HostileCase[] cases = HostileCases.Of(attempt, server, data);
        HostileCase chosen = HostileCases.Choose(cases, attempt.Random);
        attempt.Run.Count();
        attempt.Run.Note($"attacks with {chosen.Name}");
        try
        {
            await chosen.RunAsync();
        }
        catch (Exception closed) when (closed is IOException or SocketException or OperationCanceledException)
        {
            attempt.Run.Note("connections that the server closed");
        }

        if (!server.IsAlive)
            attempt.Violate("the process ended", $"{chosen.Name}, exit {server.ExitCode}: {server.Output}");
    }

    private static async Task JudgeEndAsync(TortureRun run, FlumeServer server, (string Data, ProcessUse Before) start)
    {
        int seed = run.Options.Seed;
        if (!server.IsAlive) return;
        await Task.Delay(2000);
        ProcessUse after = ProcessUse.Of(server.Pid);
        Console.WriteLine($"hostile: before {start.Before}; after {after}");
        (int status, string identities) = await server.GetAsync("/v1/identities");
        if (status != 200 || !identities.Contains("\"me\"", StringComparison.Ordinal))
            run.Violate(seed, "identities are gone", identities);
        if (await server.StopAsync(Patience) is not 0) run.Violate(seed, "a clean stop fails", server.Output);
        if (server.Output.Contains("Unhandled exception", StringComparison.Ordinal))
            run.Violate(seed, "an unhandled exception", server.Output);
        string log = Path.Combine(start.Data, "identities", "me", "log.offset");
        if (RawLog.Read(log).End != new FileInfo(log).Length) run.Violate(seed, "the log does not verify", log);
        foreach (string wrong in await RowsJudge.CompareAsync(start.Data, "me"))
            run.Violate(seed, "rows differ from the log", wrong);
    }
}
