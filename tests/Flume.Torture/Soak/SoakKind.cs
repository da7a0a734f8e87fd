using System.Diagnostics;

namespace Flume.Torture.Soak;

/// <summary>
/// Mixed load for as long as there is time; memory, handles, threads and disk must not grow with time.
/// </summary>
internal sealed class SoakKind : IKind
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    public string Name => "soak";

    public string What => "mixed load: each live reader sees each record once and in order; nothing grows with time";

    public double Weight => 2;

    public string? Lacks => OperatingSystem.IsLinux() ? null : "it needs /proc";

    public async Task RunAsync(TortureRun run)
    {
        string data = run.Folder("d");
        Vectors.PutIdentity(data, "me");
        using FlumeServer server = FlumeServer.Start(run.Options, data);
        if (!await server.AnnouncedAsync(Patience))
            throw new InvalidOperationException($"The server does not start: {server.Output}");
        await server.LiveAsync("me", Patience);
        string log = Path.Combine(data, "identities", "me", "log.offset");
        long begin = new FileInfo(log).Length;
        var load = new SoakLoad(run, server);
        var slopes = new Slopes();
        Task working = load.RunAsync();
        long began = Stopwatch.GetTimestamp();
        while (!run.IsOver && server.IsAlive)
        {
            slopes.Take(Stopwatch.GetElapsedTime(began), ProcessUse.Of(server.Pid));
            await Task.Delay(2000);
        }

        await working;
        await JudgeAsync(run, server, (data, begin), load);
        foreach (string line in slopes.Lines()) Console.WriteLine($"soak: {line}");
        foreach (string growth in slopes.Growth()) run.Violate(run.Options.Seed, "something grows with time", growth);
    }

    private static async Task JudgeAsync(
        TortureRun run, FlumeServer server, (string Data, long Begin) at, SoakLoad load)
    {
        int seed = run.Options.Seed;
        if (!await server.LiveAsync("me", Patience)) run.Violate(seed, "views are not live in the end", "");
        if (await server.StopAsync(Patience) is not 0) run.Violate(seed, "a clean stop fails", server.Output);
        string log = Path.Combine(at.Data, "identities", "me", "log.offset");
        (SortedDictionary<long, byte[]> records, long end) = RawLog.Read(log);
        if (end != new FileInfo(log).Length) run.Violate(seed, "the log does not verify", $"from {end} on");
        load.Judge(records.Keys.Where(offset => offset >= at.Begin));
        foreach (string wrong in await RowsJudge.CompareAsync(at.Data, "me"))
            run.Violate(seed, "rows differ from the log", wrong);
    }
}
