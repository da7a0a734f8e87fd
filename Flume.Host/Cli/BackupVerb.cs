using System.CommandLine;
using System.Text.Json;
using Flume.Host.Backup;
using Flume.Host.Http;
using Flume.Host.Serving;
using Flume.Ssb.Api;

namespace Flume.Host.Cli;

/// <summary><c>flume backup</c>: copies an identity from a running server, or from its directory.</summary>
internal static class BackupVerb
{
    public static Command Create()
    {
        Argument<string> folder = new("OUT")
        {
            Description = "The folder to write: new, or an earlier backup, of which only new bytes of log are written",
        };
        TargetOptions at = new(
            "Back up from this data directory, without a server", $"The server to ask, on this machine ({Where.DefaultAddress})",
            "Whom to back up; may be left out when there is one identity only");
        Command command = new("backup",
            "Copy an identity's log, key pair, rows, blobs, invites, peers and journal, consistent and while it is served")
        {
            folder,
        };
        at.AddTo(command);
        command.SetAction((parsed, cancel) => RunAsync(
            new Output(parsed.GetValue(CommandLine.Json)),
            new Request(Path.GetFullPath(parsed.GetValue(folder)!), at.Identity(parsed)), at.Of(parsed), cancel));
        return command;
    }

    private static async Task<int> RunAsync(
        Output output, Request request, Target target, CancellationToken cancel)
    {
        JsonElement report = target.IsServer
            ? await OnlineAsync(output, request, target.Server, cancel).ConfigureAwait(false)
            : await OfflineAsync(output, request, target.Directory, cancel).ConfigureAwait(false);
        if (output.IsJson) output.Document(report.WriteTo);
        else Print(output, report);
        return ExitCode.Ok;
    }

    private static async Task<JsonElement> OnlineAsync(
        Output output, Request request, Uri address, CancellationToken cancel)
    {
        using ServerClient server = new(address);
        string name = request.Identity ??
            Where.Choose(null, await server.NamesAsync(cancel).ConfigureAwait(false), $"The server at {address}");
        string route = $"/v1/{Uri.EscapeDataString(name)}/backup?to={Uri.EscapeDataString(request.Folder)}";
        return (await OnlineWork.RunAsync(output, server, route, cancel).ConfigureAwait(false))[^1];
    }

    private static async Task<JsonElement> OfflineAsync(
        Output output, Request request, DataDirectory data, CancellationToken cancel)
    {
        string name = Target.Identity(request.Identity, data);
        await using OfflineEngine session = OfflineEngine.Start(data, new OfflineUse(Writes: false));
        IIdentity identity = await session.OpenAsync(name, cancel).ConfigureAwait(false);
        BackupReport report = await Progress.RunAsync(output, bars => new BackupWriter(
            identity, request.Folder, Bars(bars), TimeProvider.System).RunAsync(cancel)).ConfigureAwait(false);
        return JsonElement.Parse(JsonText.Of(report.Write));
    }

    private static void Print(Output output, JsonElement report)
    {
        bool hasKeys = report.GetProperty("id").ValueKind == JsonValueKind.String;
        string views = string.Join(", ", report.GetProperty("views").EnumerateArray().Select(view =>
            view.GetProperty("name").GetString()));
        output.Line(
            $"{report.GetProperty("identity").GetString()}: " +
            $"{Units.Bytes(report.GetProperty("bytes").GetInt64())} of log (" +
            $"{Units.Bytes(report.GetProperty("newBytes").GetInt64())} of it new), " +
            $"head {Text.Of(report.GetProperty("head").GetInt64())}, " +
            (hasKeys ? $"newest own message {Text.Of(report.GetProperty("newestOwn").GetInt64())}, " : "") +
            (views.Length > 0 ? $"rows of {views}" : "no view has rows"));
        if (report.GetProperty("anewBecause").GetString() is { } reason)
            output.Line($"The whole log was copied again: {reason}.");
        string[] left = [.. report.GetProperty("viewsLeftOut").EnumerateArray().Select(view => view.GetString()!)];
        if (left.Length > 0) output.Line($"Without rows yet, so not in it: {string.Join(", ", left)}.");
        string folder = report.GetProperty("backup").GetString()!;
        if (hasKeys) output.Line($"{folder} contains the key pair: protect it like a key.");
    }

    private sealed record Request(string Folder, string? Identity);

    /// <summary>One progress bar for each part that a backup or a restore copies.</summary>
    internal static BarsByName<BackupProgress> Bars(Func<string, IProgress<Amount>> bars) =>
        new(bars, value => (value.What, new Amount(value.Done, value.Total)));
}
