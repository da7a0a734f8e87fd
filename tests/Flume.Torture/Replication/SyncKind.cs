namespace Flume.Torture.Replication;

/// <summary>kill -9 of the sender, the receiver or both, in the middle of a synchronisation.</summary>
internal sealed class SyncKind : IKind
{
    public string Name => "sync";

    public string What => "kill -9 of either side of a replication: complete at the end, nothing twice, clocks honest";

    public double Weight => 1;

    public string? Lacks => null;

    public async Task RunAsync(TortureRun run)
    {
        foreach (Attempt attempt in run.Attempts()) await new KilledSync(attempt).RunAsync();
    }
}
