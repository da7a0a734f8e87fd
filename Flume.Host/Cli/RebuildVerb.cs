using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;
using Flume.Actors;
using Flume.Host.Serving;
using Flume.Views;
using Flume.Views.Rebuilds;

namespace Flume.Host.Cli;

/// <summary><c>flume rebuild</c>: rebuilds views from the log, without a server and without actors.</summary>
internal static class RebuildVerb
{
    public static Command Create()
    {
        Argument<string[]> views = new("VIEW")
        {
            Description = "The views to rebuild; all when none is named", Arity = ArgumentArity.ZeroOrMore,
        };
        TargetOptions at = new(
            $"The data directory ({Where.DefaultData})",
            identity: "Whose views; may be left out when there is one identity only");
        Command command = new("rebuild",
            "Rebuild views from the log, without a server ('views rebuild' uses one); the old rows stay until the " +
            "new ones are whole")
        {
            views,
        };
        at.AddTo(command);
        command.SetAction((parsed, cancel) => RunAsync(
            new Output(parsed.GetValue(CommandLine.Json)),
            At(at.Identity(parsed), at.Of(parsed).Directory),
            parsed.GetValue(views) ?? [], cancel));
        return command;
    }

    private static Place At(string? identity, DataDirectory directory) =>
        new(directory.Path, directory.Identity(Target.Identity(identity, directory)));

    private static async Task<int> RunAsync(Output output, Place place, string[] named, CancellationToken cancel)
    {
        ViewCatalog views = new(ViewNames.Of(named, ViewNames.Catalog(named, place.Files.Views)));
        using DirectoryLock claim = DirectoryLock.Take(place.Claimed);
        IReadOnlyList<IView> kept = IdentityViews.Of(IdentityKindFile.Read(place.Files), views).Views;
        RebuildReport report = kept.Count == 0 ? new RebuildReport(0, 0, TimeSpan.Zero, [])
            : await Progress.RunAsync(output, bars => IdentityRebuild.RunAsync(
                place.Files, kept, new Bar(bars("rebuilding")), cancel)).ConfigureAwait(false);
        if (output.IsJson) output.Document(json => Write(json, report));
        else if (kept.Count > 0) Print(output, report);
        else output.Line($"{place.Files.Own} holds plain events and keeps no view that is rebuilt without a server. "
            + "A server rebuilds declared and client views: 'flume views rebuild'.");
        return report.Views.Any(view => view.Failure is not null) ? ExitCode.Failed : ExitCode.Ok;
    }

    private static void Print(Output output, RebuildReport report)
    {
        TextTable table = new("view", "?>records", ">rows", "?>bytes", ">seconds", ">records/s", "?>MB/s");
        foreach (RebuiltView view in report.Views)
        {
            if (view.Failure is null)
                table.Add(Row(view.Name, report, (view.Rows, view.StoreBytes), view.ScanTime + view.SealTime));
            else table.Add(view.Name, "", "", "", "", "failed", "");
        }

        table.Add(Row("all", report, (report.Views.Sum(view => view.Rows), report.Views.Sum(view => view.StoreBytes)),
            report.Elapsed));
        table.Print(output);
        foreach (RebuiltView view in report.Views)
        {
            if (view.Failure is not null) output.Line($"{view.Name} kept its old rows: {view.Failure}");
        }
    }

    private static string[] Row(string name, RebuildReport report, (long Rows, long Bytes) stored, TimeSpan time) =>
    [
        name, Units.Count(report.Records), Units.Count(stored.Rows), Units.Bytes(stored.Bytes), Units.Seconds(time),
        Units.Rate(report.Records / time.TotalSeconds), Units.Rate(report.Bytes / time.TotalSeconds / 1e6),
    ];

    private static void Write(Utf8JsonWriter json, RebuildReport report)
    {
        json.WriteStartObject();
        json.WriteNumber("records", report.Records);
        json.WriteNumber("bytes", report.Bytes);
        json.WriteNumber("seconds", Math.Round(report.Elapsed.TotalSeconds, 3));
        json.WriteNumber("processorSeconds", Math.Round(Environment.CpuUsage.TotalTime.TotalSeconds, 3));
        json.WriteNumber("peakMemoryBytes", PeakMemory());
        json.WriteStartArray("views");
        foreach (RebuiltView view in report.Views)
        {
            json.WriteStartObject();
            json.WriteString("name", view.Name);
            json.WriteNumber("rows", view.Rows);
            json.WriteNumber("storeBytes", view.StoreBytes);
            json.WriteNumber("scanSeconds", Math.Round(view.ScanTime.TotalSeconds, 3));
            json.WriteNumber("sealSeconds", Math.Round(view.SealTime.TotalSeconds, 3));
            json.WriteString("failure", view.Failure);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static long PeakMemory()
    {
        using Process self = Process.GetCurrentProcess();
        return self.PeakWorkingSet64;
    }

    /// <summary>The identity's files, and the lock of their directory.</summary>
    private sealed record Place(string Claimed, IdentityFiles Files);

    private sealed class Bar(IProgress<Amount> bar) : IProgress<BulkProgress>
    {
        public void Report(BulkProgress value) => bar.Report(new Amount(value.Bytes, value.BytesTotal));
    }
}
