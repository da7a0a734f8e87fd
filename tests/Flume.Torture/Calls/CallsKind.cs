namespace Flume.Torture.Calls;

/// <summary>The N-th file-system call of a real server fails, for each N and each class of calls.</summary>
internal sealed class CallsKind : IKind
{
    private const int TrialsLeast = 3;

    public string Name => "calls";

    public string What => "the N-th write, sync, rename, open … fails: clear answers, nothing acknowledged lost, it goes on";

    public double Weight => 2;

    public string? Lacks => !OperatingSystem.IsLinux() ? "it needs Linux"
        : Shim.Compiler is null ? "there is no C compiler (cc, gcc or clang)" : null;

    public async Task RunAsync(TortureRun run)
    {
        using var shim = new Shim(run.Folder("shim"), run.Options.Flume);
        var template = new CallTemplate(run.Folder("template"));
        await template.MakeAsync(run.Options);
        var plans = new CallPlans();
        if (run.Options.HasSeed) await TryAsync(run, shim, template, run.Options.Seed);
        while ((!run.IsOver || run.Tried < TrialsLeast) && !plans.IsDone && !run.Options.HasSeed)
        {
            int trial = plans.Next();
            if (!await TryAsync(run, shim, template, trial)) plans.Missed(trial);
        }

        if (plans.IsDone) run.Note("every plan is through", 1);
    }

    private static async Task<bool> TryAsync(TortureRun run, Shim shim, CallTemplate template, int trial)
    {
        var attempt = new Attempt(run, trial);
        bool isReached = await new CallTrial(attempt, shim, template).RunAsync(CallPlans.Of(trial));
        if (isReached) run.Count();
        attempt.Clean();
        return isReached;
    }
}
