using System.CommandLine;
using System.Globalization;
using System.IO.Pipelines;
using Flume.Host.Http;
using Flume.Host.Serving;
using Flume.Log;

namespace Flume.Host.Cli;

/// <summary>
/// <c>flume tail</c>: prints a log as JSON lines and follows it, from a server or read-only from its file.
/// </summary>
internal static class TailVerb
{
    public static Command Create()
    {
        TargetOptions at = new(
            "Read the log in this data directory, also while a server writes it", $"The server to ask ({Where.DefaultAddress})",
            "Whose log; may be left out when there is one identity only");
        Option<long?> from = new("--from")
        {
            Description = "Begin with the record at this offset, 0 for the first; without it only what is new",
            HelpName = "OFFSET",
        };
        Option<long?> limit = new("--limit") { Description = "End after so many records", HelpName = "N" };
        Option<string?> author = new("--author") { Description = "Only messages of this feed", HelpName = "FEED" };
        Option<string?> type = new("--type") { Description = "Only messages of this content.type", HelpName = "TYPE" };
        Option<string?> filter = new("--filter")
        {
            Description =
                "Only records that this $filter of a query lets through, e.g. '{\"temperature\":{\"$gt\":20}}'",
            HelpName = "JSON",
        };
        Option<bool> once = new("--once") { Description = "End at the head instead of waiting for more" };
        Command command = new("tail", "Follow a log: each record as a line {\"offset\":…,\"value\":…}")
        {
            from, limit, author, type, filter, once,
        };
        at.AddTo(command);
        command.SetAction((parsed, cancel) => RunAsync(
            new Request(
                at.Identity(parsed), parsed.GetValue(from), parsed.GetValue(limit) ?? -1,
                new TailFilter(parsed.GetValue(author), parsed.GetValue(type), parsed.GetValue(filter)),
                parsed.GetValue(once)),
            at.Of(parsed), cancel));
        return command;
    }

    private static Task<int> RunAsync(Request request, Target target, CancellationToken cancel)
    {
        if (request is { From: null, Once: true })
            throw VerbException.Usage("--once ends at the head, where tail begins: give --from OFFSET, 0 for all.");
        if (request.From < 0) throw VerbException.Usage($"--from {request.From} is no offset. Expected 0 or more.");
        return target.IsServer
            ? OnlineAsync(request, target.Server, cancel)
            : OfflineAsync(request, target.Directory, cancel);
    }

    private static async Task<int> OnlineAsync(Request request, Uri address, CancellationToken cancel)
    {
        using ServerClient server = new(address);
        string name = request.Identity ??
            Where.Choose(null, await server.NamesAsync(cancel).ConfigureAwait(false), $"The server at {address}");
        string start = request.From is { } from ? $"&gte={from.ToString(CultureInfo.InvariantCulture)}" : "&old=false";
        string route = $"/v1/{Uri.EscapeDataString(name)}/log?live={(request.Once ? "false" : "true")}{start}";
        using Stream body = await server.OpenAsync(route, cancel).ConfigureAwait(false);
        using StreamReader lines = new(body);
        await using StreamWriter output = new(StandardOutput.Open());
        long left = request.Limit;
        while (left != 0 && await lines.ReadLineAsync(cancel).ConfigureAwait(false) is { } line)
        {
            if (!request.Filter.MatchesLine(line)) continue;
            await output.WriteLineAsync(line).ConfigureAwait(false);
            await output.FlushAsync(cancel).ConfigureAwait(false);
            left--;
        }

        return ExitCode.Ok;
    }

    private static async Task<int> OfflineAsync(Request request, DataDirectory data, CancellationToken cancel)
    {
        string path = data.Identity(Target.Identity(request.Identity, data)).Log;
        using OffsetLog log = OffsetLog.Open(path, new LogOptions { ReadOnly = true });
        LogRange range = new()
        {
            Live = !request.Once,
            Old = request.From is not null,
            Gte = request.From is { } from ? new Offset(from) : null,
        };
        using Stream output = StandardOutput.Open();
        NdjsonWriter lines = new(PipeWriter.Create(output, new StreamPipeWriterOptions(leaveOpen: true)));
        long left = request.Limit;
        if (left == 0) return ExitCode.Ok;
        await foreach (LogEntry entry in log.ReadAsync(range, cancel).ConfigureAwait(false))
        {
            if (!request.Filter.Matches(entry.Payload)) continue;
            LogEndpoints.WriteEntry(lines, entry);
            await lines.FlushAsync(cancel).ConfigureAwait(false);
            if (--left == 0) break;
        }

        return ExitCode.Ok;
    }

    private sealed record Request(string? Identity, long? From, long Limit, TailFilter Filter, bool Once);
}
