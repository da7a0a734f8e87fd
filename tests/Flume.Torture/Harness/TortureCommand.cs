namespace Flume.Torture;

/// <summary>Runs the chosen kinds one after the other and prints what they found.</summary>
internal sealed class TortureCommand(IReadOnlyList<IKind> kinds)
{
    private const int Found = 1, WrongUse = 2;

    /// <summary>Exit code 0: nothing was violated; 1: something was; 2: the arguments make no sense.</summary>
    public async Task<int> RunAsync(string[] args)
    {
        if (args is ["help" or "--help" or "-h", ..])
        {
            PrintHelp();
            return 0;
        }

        try
        {
            TortureOptions options = TortureOptions.Parse(args);
            return await RunAsync(options, Choose(options));
        }
        catch (ArgumentException wrong)
        {
            Console.Error.WriteLine(wrong.Message);
            return WrongUse;
        }
    }

    private static async Task<int> RunAsync(TortureOptions options, IReadOnlyList<IKind> chosen)
    {
        DateTime end = DateTime.UtcNow + TimeSpan.FromMinutes(options.Minutes);
        int violated = 0;
        for (int i = 0; i < chosen.Count; i++)
        {
            IKind kind = chosen[i];
            if (kind.Lacks is { } lacks)
            {
                Console.WriteLine($"{kind.Name}: skipped, {lacks}");
                continue;
            }

            // What an earlier kind did not use goes to the later ones.
            double share = kind.Weight / chosen.Skip(i).Where(later => later.Lacks is null).Sum(later => later.Weight);
            var run = new TortureRun(kind.Name, (end - DateTime.UtcNow) * share, options);
            violated += await RunAsync(kind, run, options.Seed);
        }

        if (Directory.Exists(options.Work)) Directory.Delete(options.Work, recursive: true);
        return violated == 0 ? 0 : Found;
    }

    private static async Task<int> RunAsync(IKind kind, TortureRun run, int seed)
    {
        try
        {
            await kind.RunAsync(run);
        }
        catch (Exception broken) when (broken is not OutOfMemoryException)
        {
            run.Violate(seed, "the harness ended early", broken.ToString());
        }

        run.Clean();
        run.Print();
        return run.Violated;
    }

    private List<IKind> Choose(TortureOptions options)
    {
        if (options.Kinds.Count == 0) return [.. kinds];
        return [.. options.Kinds.Select(name => kinds.FirstOrDefault(kind => kind.Name == name)
            ?? throw new ArgumentException(
                $"torture knows no kind '{name}'; it knows {string.Join(", ", kinds.Select(kind => kind.Name))}."))];
    }

    private void PrintHelp()
    {
        Console.WriteLine("./run.sh torture [MINUTES] [KIND…] [--seed N] [--flume PATH] [--work DIR]");
        Console.WriteLine("MINUTES (10) are shared by the kinds; all kinds when none is named:");
        foreach (IKind kind in kinds) Console.WriteLine($"  {kind.Name,-9} {kind.What}");
    }
}
