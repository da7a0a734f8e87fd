using System.CommandLine;
using System.Text.Json;
using Flume.Host.Backup;
using Flume.Host.Serving;

namespace Flume.Host.Cli;

/// <summary>
/// <c>flume restore</c>: restores a backup into a data directory, and guards the feed against a fork.
/// </summary>
internal static class RestoreVerb
{
    public static Command Create()
    {
        Argument<string> backup =
            new("BACKUP") { Description = "The folder that 'flume backup' wrote; it is only read" };
        Option<string?> data = Where.Data($"The data directory ({Where.DefaultData}); no service may have it");
        Option<string?> identity = Where.Identity("The name to restore as; the one that it had, if left out");
        Option<string?> old = new("--old")
        {
            Description = "The identity's previous directory, whose log has the newest message", HelpName = "DIR",
        };
        Option<long?> newest = new("--newest-own")
        {
            Description = "The newest own sequence that is known elsewhere, e.g. to a peer", HelpName = "SEQ",
        };
        Option<bool> accept = new("--accept-fork-risk")
        {
            Description = "Publish at once, although newer messages may exist: a fork can't be repaired",
        };
        Command command = new("restore",
            "Put a backup into a data directory; publishing waits until it is known that no newer own message exists")
        {
            backup, data, identity, old, newest, accept,
        };
        command.SetAction((parsed, cancel) => RunAsync(
            new Output(parsed.GetValue(CommandLine.Json)),
            (Path.GetFullPath(parsed.GetValue(backup)!), DirectoryKind.Creatable(
                parsed.GetValue(data) ?? Where.DefaultData)),
            new RestoreRequest(
                parsed.GetValue(identity), parsed.GetValue(old), parsed.GetValue(newest), parsed.GetValue(accept)),
            cancel));
        return command;
    }

    private static async Task<int> RunAsync(
        Output output, (string Backup, DataDirectory Data) places, RestoreRequest request, CancellationToken cancel)
    {
        if (request.NewestOwn < 0)
            throw VerbException.Usage($"--newest-own {request.NewestOwn} is no sequence. Expected 0 or more.");
        using DirectoryLock claim = DirectoryLock.Take(places.Data.Path);
        RestoreReport report = await Progress.RunAsync(output, bars => Task.Run(
            () => new BackupReader(places.Backup, places.Data, BackupVerb.Bars(bars), TimeProvider.System)
                .Run(request, cancel), cancel)).ConfigureAwait(false);
        if (output.IsJson) output.Document(json => Write(json, report));
        else Print(output, report);
        return ExitCode.Ok;
    }

    private static void Print(Output output, RestoreReport report)
    {
        output.Line(
            $"{report.Name}: {Units.Bytes(report.Manifest.Log.Bytes)} of log, head {report.Manifest.Log.Head}, from " +
            $"the backup of {report.Manifest.Time:u}" +
            (report.Manifest.Id is null ? "" : $", newest own message {Http.Text.Of(report.NewestOwn)}"));
        if (!report.IsGuarded) return;
        string known = report.NewestElsewhere is { } elsewhere
            ? $"Elsewhere its newest message is {Http.Text.Of(elsewhere)}."
            : "Whether it published more after that is unknown.";
        output.Line(
            $"{known} Publishing is refused, because a reused sequence forks the feed permanently: fetch " +
            "the own feed from a peer, or run 'flume call flume.confirmRestore' to confirm that none is newer.");
    }

    private static void Write(Utf8JsonWriter json, RestoreReport report)
    {
        json.WriteStartObject();
        json.WriteString("identity", report.Name);
        json.WriteNumber("head", report.Manifest.Log.Head.Value);
        json.WriteNumber("bytes", report.Manifest.Log.Bytes);
        json.WriteString("backedUpAt", report.Manifest.Time);
        json.WriteNumber("newestOwn", report.NewestOwn);
        if (report.NewestElsewhere is { } elsewhere) json.WriteNumber("newestElsewhere", elsewhere);
        else json.WriteNull("newestElsewhere");
        json.WriteBoolean("publishingWaits", report.IsGuarded);
        json.WriteEndObject();
    }
}
