using Flume.Tools.Import;

namespace Flume.Host.Cli;

/// <summary>Prints the result of an import from ssb-db2.</summary>
internal static class Db2ImportPrint
{
    /// <summary>Prints the result; the exit code is that of damage if messages were left out.</summary>
    public static int Print(Output output, string identity, Db2ImportReport report, TimeSpan time)
    {
        if (output.IsJson) output.Document(json =>
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
            json.WriteNumber("idsVerified", report.Messages);
            json.WriteNumber("otherFormats", report.OtherFormats);
            json.WriteNumber("deleted", report.Deleted);
            json.WriteNumber("leftOut", report.FaultCount);
            json.WriteEndObject();
        });
        else PrintText(output, identity, report, time);
        return report.FaultCount == 0 ? ExitCode.Ok : ExitCode.Damaged;
    }

    private static void PrintText(Output output, string identity, Db2ImportReport report, TimeSpan time)
    {
        output.Line(
            $"{identity}: {Units.Count(report.Records)} records, {Units.Bytes(report.Bytes)} in {Units.Time(time)}, " +
            $"head {report.Head}; {Units.Count(report.Messages)} ids agree with their messages" +
            (report.OtherFormats > 0 ? $", {Units.Count(report.OtherFormats)} records of other formats: not checked" : "") +
            (report.Deleted > 0 ? $"; {Units.Count(report.Deleted)} deleted records left out" : ""));
        foreach (MessageFault fault in report.Faults)
            output.Line(
                $"  left out: {fault.Key} at {fault.Position} hashes to {fault.Computed}: it is not what was signed");
        if (report.FaultCount > report.Faults.Count)
            output.Line($"  and {Units.Count(report.FaultCount - report.Faults.Count)} more");
        if (report.TornBytes > 0)
            output.Line(
                $"{report.Source} ends with {report.TornBytes} bytes that are no whole block; they stay there.");
    }
}
