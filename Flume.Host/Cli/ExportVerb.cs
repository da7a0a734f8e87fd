using System.CommandLine;
using System.IO.Pipelines;
using Flume.Host.Http;
using Flume.Host.Serving;
using Flume.Log;
using Flume.Log.Primitives;

namespace Flume.Host.Cli;

/// <summary><c>flume export</c>: copies a log, or a part of it, to a classic log or to JSON lines.</summary>
internal static class ExportVerb
{
    private const string Classic = "classic", Lines = "lines";

    private static readonly Argument<string> File = new("OUT")
    {
        Description = "The file to write, which must not exist; - for JSON lines on standard output",
    };

    private static readonly Option<string?> Format = new("--format")
    {
        Description = $"{Classic}: a log of JavaScript flume; {Lines}: one JSON value a line. " +
            $"Without it by OUT: {Lines} for - and *.jsonl",
        HelpName = "FORMAT",
    };

    private static readonly Option<long?> From = new("--from")
    {
        Description = "Begin with the record at this offset", HelpName = "OFFSET",
    };

    private static readonly Option<long?> To = new("--to")
    {
        Description = "End with the record at this offset", HelpName = "OFFSET",
    };

    private static readonly Option<string?> Author = new("--author")
    {
        Description = "Only messages of this feed", HelpName = "FEED",
    };

    private static readonly Option<string?> Type = new("--type")
    {
        Description = "Only messages of this content.type", HelpName = "TYPE",
    };

    private static readonly Option<int?> Bits = new("--offset-bits")
    {
        Description = "The width of a classic log's offsets: 32 (up to 4 GiB), 48 or 53; without it that of the log",
        HelpName = "BITS",
    };

    public static Command Create()
    {
        TargetOptions at = new(
            $"The data directory ({Where.DefaultData}), also while a server writes it",
            identity: "Whose log; may be left out when there is one identity only");
        Command command = new(
            "export", "Copy a log, or a part of it, to a classic log or to JSON lines; works while a server runs")
        {
            File, Format, From, To, Author, Type, Bits,
        };
        at.AddTo(command);
        command.SetAction((parsed, cancel) =>
        {
            DataDirectory data = at.Of(parsed).Directory;
            string source = data.Identity(Target.Identity(at.Identity(parsed), data)).Log;
            string into = parsed.GetValue(File)!;
            bool isClassic = FormatOf(parsed.GetValue(Format), into) == Classic;
            Request request = new(source, into, new TailFilter(parsed.GetValue(Author), parsed.GetValue(Type), null))
            {
                Range = new LogRange { Gte = Bound(parsed, From), Lte = Bound(parsed, To) },
                Width = parsed.GetValue(Bits) is { } typed ? GenerateVerb.Width(typed) : null,
            };
            return RunAsync(new Output(parsed.GetValue(CommandLine.Json)), request, isClassic, cancel);
        });
        return command;
    }

    private static string FormatOf(string? typed, string file) => typed switch
    {
        Classic when file == "-" => throw VerbException.Usage(
            "A classic log is a file: name OUT, or give --format lines."),
        Classic or Lines => typed,
        null => file == "-" || file.EndsWith(".jsonl", StringComparison.OrdinalIgnoreCase) ? Lines : Classic,
        _ => throw VerbException.Usage($"--format is '{typed}'. Expected {Classic} or {Lines}."),
    };

    private static Offset? Bound(ParseResult parsed, Option<long?> option) => parsed.GetValue(option) switch
    {
        null => null,
        < 0 and var typed => throw VerbException.Usage($"{option.Name} is {typed}. Expected an offset, 0 or more."),
        { } typed => new Offset(typed),
    };

    private static async Task<int> RunAsync(Output output, Request request, bool isClassic, CancellationToken cancel)
    {
        if (request.Into != "-" && System.IO.File.Exists(request.Into))
            throw VerbException.Usage(
                $"{Path.GetFullPath(request.Into)} exists. Choose another name, or move it away.");
        using OffsetLog log = OffsetLog.Open(request.Source, new LogOptions { ReadOnly = true });
        (long records, long bytes) = await Progress.RunAsync(output, bars =>
        {
            IProgress<LogProgress> bar = new LogBar(bars("exporting"));
            return Task.Run(
                () => isClassic ? ToLog(log, request, bar, cancel) : ToLines(log, request, bar, cancel), cancel);
        }).ConfigureAwait(false);
        if (request.Into == "-") return ExitCode.Ok;
        if (!output.IsJson) output.Line($"{request.Into}: {Units.Count(records)} records, {Units.Bytes(bytes)}");
        else output.Document(json =>
        {
            json.WriteStartObject();
            json.WriteString("file", Path.GetFullPath(request.Into));
            json.WriteNumber("records", records);
            json.WriteNumber("bytes", bytes);
            json.WriteEndObject();
        });
        return ExitCode.Ok;
    }

    private static (long Records, long Bytes) ToLog(
        OffsetLog log, Request request, IProgress<LogProgress> bar, CancellationToken cancel)
    {
        using NewLog made = NewLog.Create(request.Into, request.Width ?? log.Width);
        foreach (LogRecord record in Chosen(log, request, bar, cancel)) made.Add(record.Payload.Span);
        made.Complete();
        return (made.Records, made.Bytes);
    }

    private static (long Records, long Bytes) ToLines(
        OffsetLog log, Request request, IProgress<LogProgress> bar, CancellationToken cancel)
    {
        using Stream file = request.Into == "-"
            ? StandardOutput.Open()
            : new FileStream(request.Into, OwnerFile.Options(FileMode.CreateNew, FileAccess.Write));
        NdjsonWriter lines = new(PipeWriter.Create(file, new StreamPipeWriterOptions(leaveOpen: true)));
        long records = 0;
        foreach (LogRecord record in Chosen(log, request, bar, cancel))
        {
            if (!LogEndpoints.IsJson(record.Payload))
            {
                throw new VerbException(ExitCode.Failed,
                    $"The record at offset {record.Offset} is no JSON, which lines can't hold. Give --format {Classic}.");
            }

            lines.WriteJson(record.Payload.Span);
            lines.EndLine();
            if (++records % 256 == 0) lines.FlushAsync(cancel).AsTask().GetAwaiter().GetResult();
        }

        lines.FlushAsync(cancel).AsTask().GetAwaiter().GetResult();
        file.Flush();
        return (records, file.CanSeek ? file.Length : 0);
    }

    private static IEnumerable<LogRecord> Chosen(
        OffsetLog log, Request request, IProgress<LogProgress> bar, CancellationToken cancel)
    {
        long seen = 0;
        foreach (LogRecord record in log.Read(request.Range))
        {
            cancel.ThrowIfCancellationRequested();
            if (++seen % 1024 == 0) bar.Report(new LogProgress(record.Offset.Value, log.EndPosition, seen));
            if (!record.Deleted && request.Filter.Matches(record.Payload)) yield return record;
        }
    }

    private sealed record Request(string Source, string Into, TailFilter Filter)
    {
        public LogRange Range { get; init; } = LogRange.All;

        public OffsetWidth? Width { get; init; }
    }
}
