using System.CommandLine;
using Flume.Host.Serving;
using Flume.Log;
using Flume.Tools.Import;

namespace Flume.Host.Cli;

/// <summary><c>flume import</c>: copies a classic log into a data directory, and checks every record.</summary>
internal static class ImportVerb
{
    public static Command Create()
    {
        Argument<string> file = new("FILE")
        {
            Description = "The log to copy, e.g. ~/.ssb/flume/log.offset, or ~/.ssb/db2/log.bipf of ssb-db2; it is only read",
        };
        Option<string?> identity = Where.Identity("The name of the identity to make");
        identity.Required = true;
        Option<string?> data = Where.Data($"The data directory ({Where.DefaultData})");
        Option<string?> secret = new("--secret")
        {
            Description = "A key pair to copy too; without it the identity keeps the secret it has, if any",
            HelpName = "FILE",
        };
        Option<string?> format = new("--format")
        {
            Description = "classic: a log of JavaScript flume; db2: one of ssb-db2. Without it by FILE: db2 for *.bipf",
            HelpName = "FORMAT",
        };
        Option<int?> bits = new("--offset-bits")
        {
            Description = "The width of the copy's offsets: 32 (up to 4 GiB), 48 or 53; without it that of FILE",
            HelpName = "BITS",
        };
        Command command = new(
            "import", "Copy a log of JavaScript flume or ssb-db2 into a data directory, checking every record")
        {
            file, identity, data, secret, format, bits,
        };
        command.SetAction((parsed, cancel) => RunAsync(
            new Output(parsed.GetValue(CommandLine.Json)),
            DirectoryKind.Creatable(parsed.GetValue(data) ?? Where.DefaultData),
            new ImportRequest(
                Where.LogFile(parsed.GetValue(file)!), parsed.GetValue(identity)!, parsed.GetValue(secret),
                Width(parsed.GetValue(bits))),
            IsDb2(parsed.GetValue(format), parsed.GetValue(file)!), cancel));
        return command;
    }

    private static async Task<int> RunAsync(
        Output output, DataDirectory data, ImportRequest request, bool isDb2, CancellationToken cancel)
    {
        DataDirectory.CheckName(request.Identity);
        long start = TimeProvider.System.GetTimestamp();
        if (isDb2)
        {
            Db2ImportReport db2 = await Progress.RunAsync(output, bars =>
            {
                IProgress<LogProgress> bar = new LogBar(bars("importing"));
                return Task.Run(() => LogImporter.CopyDb2(data, request, bar, cancel), cancel);
            }).ConfigureAwait(false);
            return Db2ImportPrint.Print(output, request.Identity, db2, TimeProvider.System.GetElapsedTime(start));
        }

        LogImportReport report = await Progress.RunAsync(output, bars =>
        {
            IProgress<LogProgress> bar = new LogBar(bars("importing"));
            return Task.Run(() =>
                LogImporter.Copy(data, request, bar, cancel), cancel);
        }).ConfigureAwait(false);
        Print(output, request.Identity, report, TimeProvider.System.GetElapsedTime(start));
        return ExitCode.Ok;
    }

    private static bool IsDb2(string? typed, string file) => typed switch
    {
        "db2" => true,
        "classic" => false,
        null => file.EndsWith(".bipf", StringComparison.Ordinal),
        _ => throw VerbException.Usage($"--format is '{typed}'. Expected classic or db2."),
    };

    private static void Print(Output output, string identity, LogImportReport report, TimeSpan time)
    {
        if (!output.IsJson)
        {
            output.Line(
                $"{identity}: {Units.Count(report.Records)} records, {Units.Bytes(report.Bytes)} " +
                $"in {Units.Time(time)} ({Units.Rate(report.Records / time.TotalSeconds)} records/s, " +
                $"{Units.Bytes(report.Bytes / time.TotalSeconds)}/s), head {report.Head}");
            if (report.TornBytes > 0)
                output.Line(
                    $"{report.Source} ends with {report.TornBytes} bytes that are no whole record; they stay there.");
            return;
        }

        output.Document(json =>
        {
            json.WriteStartObject();
            json.WriteString("identity", identity);
            json.WriteString("source", report.Source);
            json.WriteString("log", report.Destination);
            json.WriteNumber("records", report.Records);
            json.WriteNumber("bytes", report.Bytes);
            json.WriteNumber("head", report.Head.Value);
            json.WriteNumber("tornBytes", report.TornBytes);
            json.WriteNumber("seconds", Math.Round(time.TotalSeconds, 3));
            json.WriteEndObject();
        });
    }

    private static OffsetWidth? Width(int? bits) => bits switch
    {
        null => null,
        32 => OffsetWidth.Bits32,
        48 => OffsetWidth.Bits48,
        53 => OffsetWidth.Bits53,
        _ => throw VerbException.Usage($"--offset-bits is {bits}; expected 32, 48 or 53."),
    };
}
