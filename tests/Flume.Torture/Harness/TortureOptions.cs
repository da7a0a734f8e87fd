using System.Globalization;

namespace Flume.Torture;

/// <summary>The command line: <c>[MINUTES] [KIND…] [--seed N] [--flume PATH] [--work DIR]</c>.</summary>
/// <param name="Minutes">The time of all chosen kinds together.</param>
/// <param name="Kinds">The names of the chosen kinds; all when empty.</param>
/// <param name="Seed">The first seed.</param>
/// <param name="Flume">The program under test.</param>
/// <param name="Work">The folder for everything that is written. It is deleted at the end.</param>
internal sealed record TortureOptions(double Minutes, IReadOnlyList<string> Kinds, int Seed, string Flume, string Work)
{
    /// <summary>True when the command line names the seed: a replay.</summary>
    public bool HasSeed { get; private init; }

    private const double DefaultMinutes = 10;

    /// <summary>Reads the arguments.</summary>
    /// <exception cref="ArgumentException">An argument makes no sense; the message says which are accepted.</exception>
    public static TortureOptions Parse(IReadOnlyList<string> args)
    {
        var options = new TortureOptions(
            DefaultMinutes, [], FirstSeed(), Path.Combine(AppContext.BaseDirectory, "flume"), "");
        List<string> kinds = [];
        for (int i = 0; i < args.Count; i++)
        {
            string value = i + 1 < args.Count ? args[i + 1] : "";
            if (!args[i].StartsWith("--", StringComparison.Ordinal))
            {
                if (double.TryParse(args[i], CultureInfo.InvariantCulture, out double minutes))
                    options = options with { Minutes = minutes };
                else
                    kinds.Add(args[i]);
                continue;
            }

            options = args[i] switch
            {
                "--seed" => options with { Seed = Number(value), HasSeed = true },
                "--flume" => options with { Flume = Path.GetFullPath(value) },
                "--work" => options with { Work = Path.GetFullPath(value) },
                _ => throw new ArgumentException(
                    $"torture knows no option '{args[i]}'; it takes --seed, --flume, --work."),
            };
            i++;
        }

        string work = options.Work.Length > 0 ? options.Work : Directory.CreateTempSubdirectory("ft-").FullName;
        return options with { Kinds = kinds, Work = work };
    }

    /// <summary>As of the tests: FLUME_FIRST_SEED makes a run repeatable.</summary>
    private static int FirstSeed() =>
        Environment.GetEnvironmentVariable("FLUME_FIRST_SEED") is { Length: > 0 } first
            ? Number(first) : Random.Shared.Next(1_000_000);

    private static int Number(string text) => int.TryParse(text, CultureInfo.InvariantCulture, out int number)
        ? number
        : throw new ArgumentException($"The seed is '{text}'. Expected a whole number.");
}
