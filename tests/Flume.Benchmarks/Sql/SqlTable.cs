using System.Globalization;
using Flume.Benchmarks.Tables;

namespace Flume.Benchmarks.Sql;

/// <summary>The layouts of the SQL view side by side, whole processes, medians of some rounds.</summary>
internal static class SqlTable
{
    private static readonly string[] Works = ["plain", "keyed", "text", "bare", "keyed+fts", "catchup"];

    /// <summary>What the notes measured that the project began with: one log, of a size that they do not name.</summary>
    private static readonly Dictionary<string, string> Notes = new(StringComparer.Ordinal)
    {
        ["text"] = "7.7 s, 124 MB", ["keyed"] = "8.4 s, 115 MB", ["bare"] = "7.7 s, 35 MB",
    };

    /// <summary>Measures and prints a table as markdown.</summary>
    internal static async Task RunAsync(string folder, int rounds)
    {
        string program = Environment.ProcessPath!;
        Console.WriteLine($"{Machine.Describe()}; {rounds} rounds\n\n{Series.Head.TrimEnd()}");
        Dictionary<string, string> sizes = [];
        var series = Works.ToDictionary(work => work, work => new Series($"sql {work}"));
        for (int round = 0; round < rounds; round++)
        {
            foreach (string work in Works)
            {
                Finished done = await ChildProcess.RunAsync(program, "sqlbuild", folder, work).ConfigureAwait(false);
                foreach (string line in done.Output.Split('\n'))
                {
                    if (Measurement.TryParse(line.TrimEnd()) is { } measured) series[work].Add(measured);
                    else if (line.StartsWith("bytes ", StringComparison.Ordinal)) sizes[work] = Size(line);
                }
            }
        }

        foreach (string work in Works) Console.WriteLine(series[work]);
        Console.WriteLine("\n| file | size | the first notes |\n|---|---:|---|");
        foreach ((string work, string size) in sizes)
            Console.WriteLine($"| {work} | {size} | {Notes.GetValueOrDefault(work, "")} |");
    }

    private static string Size(string line)
    {
        string[] words = line.Trim().Split(' ');
        double bytes = double.Parse(words[1], CultureInfo.InvariantCulture);
        double log = double.Parse(words[^1], CultureInfo.InvariantCulture);
        return string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:F1} MB, {bytes / log:P1} of the log");
    }
}
