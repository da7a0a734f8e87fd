namespace Flume.Torture.Kill;

/// <summary>kill -9 at random moments of a real server that is busy with everything at once.</summary>
internal sealed class KillKind : IKind
{
    public string Name => "kill";

    public string What => "kill -9 of a busy server, and of verbs: nothing acknowledged is lost, doubled or forked";

    public double Weight => 2;

    public string? Lacks => null;

    public async Task RunAsync(TortureRun run)
    {
        foreach (Attempt attempt in run.Attempts())
        {
            var life = new KilledLife(attempt);
            await life.RunAsync();
        }
    }
}
