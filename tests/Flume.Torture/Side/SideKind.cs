namespace Flume.Torture.Side;

/// <summary>Side files are damaged: the engine says so or rebuilds them, and rows equal the log afterwards.</summary>
internal sealed class SideKind : IKind
{
    public string Name => "side";

    public string What => "side files deleted, cut, flipped, swapped, of another log: the log stays, rows equal it again";

    public double Weight => 1;

    public string? Lacks => null;

    public async Task RunAsync(TortureRun run)
    {
        var template = new SideTemplate(run.MemoryFolder("template"));
        await template.MakeAsync();
        foreach (Attempt attempt in run.Attempts())
            await new SideTrial(attempt, template).RunAsync();
    }
}
