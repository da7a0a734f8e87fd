using System.CommandLine;
using Flume.Host.Serving;
using Flume.Sql;
using Flume.Sql.Asking;
using Flume.Tools.Doctor;

namespace Flume.Host.Cli;

/// <summary><c>flume doctor</c>: inspects a data directory, and repairs what can be repaired.</summary>
internal static class DoctorVerb
{
    public static Command Create()
    {
        TargetOptions at = new($"The data directory ({Where.DefaultData})");
        Option<bool> fix = new("--fix")
        {
            Description = "Perform the repairs; nothing is discarded: removed files move to DIR/set-aside/TIME",
        };
        Option<bool> ids = new("--ids") { Description = "Also check that each message's key is the hash of its value" };
        Option<bool> rows =
            new("--rows") { Description = "Also prove that each view's rows equal the fold of the log" };
        Command command = new("doctor",
            "Inspect logs, rows, keys, journal, permissions and disk; explain defects, and repair them with --fix")
        {
            fix, ids, rows,
        };
        at.AddTo(command);
        command.SetAction((parsed, cancel) =>
        {
            DataDirectory directory = at.Of(parsed).Directory;
            CheckupOptions options = new(directory.Path)
            {
                Ids = parsed.GetValue(ids), Rows = parsed.GetValue(rows),
                Classic = directory.ClassicFiles is { } classic ? (ClassicDirectory.Identity, classic) : null,
                OwnViews = [new SqlView(new SqlOptions(), new SqlLimits(), [])],
            };
            return RunAsync(new Output(parsed.GetValue(CommandLine.Json)), options, parsed.GetValue(fix), cancel);
        });
        return command;
    }

    private static async Task<int> RunAsync(Output output, CheckupOptions options, bool fix, CancellationToken cancel)
    {
        if (fix && options.Classic is { } classic) ClassicDirectory.RefuseForeign(classic.Files);
        using DirectoryLock? claim = Claim(options.Directory, fix, out string? holder);
        options = options with { IsHeld = holder is not null };
        DoctorOutcome outcome = new(options, holder)
        {
            Found = await InspectAsync(output, options, cancel).ConfigureAwait(false),
        };
        if (fix && outcome.Found.Findings.Any(finding => finding.CanFix))
        {
            (outcome.Results, outcome.QuarantineFolder) = await RepairPlan.RunAsync(
                options, outcome.Found.Findings, TimeProvider.System, cancel).ConfigureAwait(false);
            outcome.Left = await InspectAsync(output, options, cancel).ConfigureAwait(false);
        }

        DoctorPrint.Print(output, outcome);
        return outcome.Now.IsHealthy ? ExitCode.Ok : ExitCode.Damaged;
    }

    /// <summary>Locks the directory; while another process holds it, only an inspection is possible.</summary>
    private static DirectoryLock? Claim(string directory, bool fix, out string? holder)
    {
        holder = null;
        if (!Directory.Exists(directory)) return null;
        try
        {
            return DirectoryLock.Take(directory);
        }
        catch (DirectoryHeldException held) when (!fix)
        {
            holder = held.Holder;
            return null;
        }
    }

    private static Task<CheckupReport> InspectAsync(Output output, CheckupOptions options, CancellationToken cancel) =>
        Progress.RunAsync(output, bars => Task.Run(
            () => HealthReport.RunAsync(options with { Progress = Bars(bars) }, cancel), cancel));

    private static BarsByName<CheckupProgress> Bars(Func<string, IProgress<Amount>> bars) =>
        new(bars, value => (value.What, new Amount(value.Done, value.Total)));
}
