using System.Globalization;
using System.Text.Json;
using Flume.Ssb.Views;
using Flume.Views;

namespace Flume.Benchmarks.Tables;

/// <summary>The table of <c>./run.sh bench</c>: whole processes for the large work, medians of all rounds.</summary>
/// <remarks>Rounds go over all rows in turn, so that a slow minute of the machine is shared and not one row's.</remarks>
/// <param name="flume">The program.</param>
/// <param name="folder">Has <c>flume/log.offset</c> and <c>secret</c>, as a classic directory; <c>data</c> is ours.</param>
/// <param name="rounds">How often each row is measured.</param>
internal sealed class BenchTable(string flume, string folder, int rounds)
{
    private const string Identity = "bench";

    private readonly List<string> _names = [];
    private readonly Dictionary<string, Series> _rows = new(StringComparer.Ordinal);

    private string Data => Path.Combine(folder, "data");

    private string Home => Path.Combine(Data, "identities", Identity);

    /// <summary>Measures and prints the table. The folder is left with a copy of the log and its views.</summary>
    public async Task RunAsync()
    {
        for (int round = 1; round <= rounds; round++)
        {
            await ImportAsync().ConfigureAwait(false);
            await RebuildAsync("rebuild all views", []).ConfigureAwait(false);
            foreach (IView view in SsbViews.Catalog.Views)
                await RebuildAsync($"rebuild {view.Name}", [view.Name]).ConfigureAwait(false);
            foreach (string mode in (string[])["scan", "decode", "get", "append", "live"])
                await ModeAsync(mode).ConfigureAwait(false);
            Console.Error.WriteLine($"round {round} of {rounds}");
        }

        Print(new FileInfo(Path.Combine(Home, "log.offset")).Length);
    }

    /// <summary>A fresh identity each round; its boxes are tried by a first rebuild that no row counts.</summary>
    private async Task ImportAsync()
    {
        if (Directory.Exists(Data)) Directory.Delete(Data, recursive: true);
        Directory.CreateDirectory(Home);
        File.Copy(Path.Combine(folder, "secret"), Path.Combine(Home, "secret"));
        Finished import = await ChildProcess.RunAsync(flume, "import", Path.Combine(folder, "flume", "log.offset"),
            "--identity", Identity, "--data", Data, "--json").ConfigureAwait(false);
        using JsonDocument report = Last(import);
        Add("import", new Measurement("", report.RootElement.GetProperty("records").GetInt64(), import.WallMs, 0, 0));
        await RebuildAsync("first rebuild, every private box tried", []).ConfigureAwait(false);
    }

    private async Task RebuildAsync(string what, string[] views)
    {
        Finished run = await ChildProcess.RunAsync(
            flume, ["rebuild", .. views, "--identity", Identity, "--data", Data, "--json"]).ConfigureAwait(false);
        using JsonDocument report = Last(run);
        Add(what, new Measurement("", report.RootElement.GetProperty("records").GetInt64(), run.WallMs,
            report.RootElement.GetProperty("processorSeconds").GetDouble() * 1000,
            report.RootElement.GetProperty("peakMemoryBytes").GetInt64() >> 20));
    }

    private async Task ModeAsync(string mode)
    {
        Finished run = await ChildProcess.RunAsync(Environment.ProcessPath!, mode, Home).ConfigureAwait(false);
        foreach (string line in run.Output.Split('\n'))
            if (Measurement.TryParse(line) is { } measurement) Add(measurement.What, measurement);
    }

    private void Add(string what, Measurement measurement)
    {
        if (!_rows.TryGetValue(what, out Series? row))
        {
            _names.Add(what);
            _rows[what] = row = new Series(what);
        }

        row.Add(measurement);
    }

    private void Print(long logBytes)
    {
        long stored = new DirectoryInfo(Path.Combine(Home, "views"))
            .EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);
        Console.WriteLine(Machine.Describe());
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"log {logBytes:N0} bytes, views {100.0 * stored / logBytes:F1} % of it, {rounds} rounds"));
        Console.WriteLine();
        Console.WriteLine(Series.Head);
        foreach (string name in _names) Console.WriteLine(_rows[name]);
    }

    private static JsonDocument Last(Finished run) =>
        JsonDocument.Parse(run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1]);
}
