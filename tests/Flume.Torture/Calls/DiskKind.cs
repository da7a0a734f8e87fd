namespace Flume.Torture.Calls;

/// <summary>Every call of the disk of a log and of a journal fails in turn: once, torn, and for ever.</summary>
internal sealed class DiskKind : IKind
{
    public string Name => "disk";

    public string What => "each call of the disk of a log and a journal fails in turn: nothing acknowledged is lost";

    public double Weight => 0.5;

    public string? Lacks => null;

    public Task RunAsync(TortureRun run)
    {
        foreach (Attempt attempt in run.Attempts())
        {
            foreach ((bool once, bool torn) in ((bool, bool)[])[(true, false), (true, true), (false, false), (false, true)])
            {
                Exhaust(attempt, disk => new LogUnderFault(attempt, disk).Run(), (once, torn));
                Exhaust(attempt, disk => new JournalUnderFault(attempt, disk).Run(), (once, torn));
            }
        }

        return Task.CompletedTask;
    }

    // The script is the same for each N, until it has no N-th call.
    private static void Exhaust(Attempt attempt, Action<FailingDisk> script, (bool Once, bool Torn) fault)
    {
        for (int nth = 1; ; nth++)
        {
            var disk = new FailingDisk(nth, fault.Once, fault.Torn);
            script(disk);
            if (!disk.HasFailed) return;
            attempt.Run.Count();
        }
    }
}
