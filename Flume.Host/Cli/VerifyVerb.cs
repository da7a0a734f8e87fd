using System.CommandLine;
using System.Text.Json;
using Flume.Actors;
using Flume.Host.Serving;
using Flume.Log;
using Flume.Tools.Doctor;

namespace Flume.Host.Cli;

/// <summary><c>flume verify</c>: checks every frame and checksum of logs, and on request message ids.</summary>
internal static class VerifyVerb
{
    public static Command Create()
    {
        Argument<string?> file = new("FILE") { Description = "The log to verify", Arity = ArgumentArity.ZeroOrOne };
        TargetOptions at = new("Verify the logs of all identities in this data directory instead");
        Option<bool> ids = new("--ids") { Description = "Also check that each message's key is the hash of its value" };
        Command command = new(
            "verify", "Check every record of a log and list all damage; changes nothing, works while a server runs")
        {
            file, ids,
        };
        at.AddTo(command);
        command.SetAction((parsed, cancel) => RunAsync(
            new Output(parsed.GetValue(CommandLine.Json)), Logs(parsed.GetValue(file), at.Of(parsed)),
            parsed.GetValue(ids), cancel));
        return command;
    }

    private static List<string> Logs(string? file, Target target)
    {
        if (file is null == target.IsServer) throw VerbException.Usage(
            "Name one log, or a directory with --data or --ssb.");
        if (file is not null) return [Where.LogFile(file)];
        DataDirectory directory = target.Directory;
        List<IdentityFiles> identities = [.. directory.Names().Select(directory.Identity)];
        identities.ForEach(identity => identity.RefuseLinks());
        List<string> logs = [.. identities.Select(identity => identity.Log)];
        return logs.Count > 0
            ? logs
            : throw VerbException.Usage($"{directory.Shown} holds no identities.");
    }

    private static async Task<int> RunAsync(Output output, List<string> logs, bool ids, CancellationToken cancel)
    {
        List<Finding> findings = await Progress.RunAsync(output, async bars =>
        {
            List<Finding> found = [];
            foreach (string log in logs)
            {
                IProgress<LogProgress> bar = new LogBar(bars(log));
                found.Add(await Task.Run(() => Verify(log, ids, bar, cancel), cancel).ConfigureAwait(false));
            }

            return found;
        }).ConfigureAwait(false);
        if (output.IsJson) output.Document(json => Write(json, findings));
        else findings.ForEach(finding => Print(output, finding));
        return findings.TrueForAll(finding => finding.IsSound) ? ExitCode.Ok : ExitCode.Damaged;
    }

    private static Finding Verify(string log, bool ids, IProgress<LogProgress> bar, CancellationToken cancel)
    {
        LogVerifyReport report = LogVerifier.Verify(log, null, bar, cancel);
        return new Finding(report, ids && report.Sound ? MessageIdCheck.Run(log, cancel) : null);
    }

    private static void Print(Output output, Finding finding)
    {
        LogVerifyReport report = finding.Report;
        output.Line(
            $"{report.Path}: {Units.Count(report.Records)} records ({Units.Count(report.Deleted)} deleted), " +
            $"{Units.Bytes(report.EndPosition)}, head {report.Head}, {report.Width.Bits()}-bit offsets, " +
            $"{Units.Count(report.BlocksCompared)} checksums compared, " +
            $"in {Units.Time(report.Elapsed)} ({Units.Bytes(report.BytesPerSecond)}/s)");
        if (report.TornBytes > 0)
            output.Line(
                $"  {report.TornBytes} bytes at the end are no whole record; opening the log cuts and keeps them.");
        foreach (LogDamage damage in report.Damage)
            output.Line($"  damaged at offset {damage.Offset}, {Units.Count(damage.Bytes)} bytes: {damage.Reason}");
        if (report.DamageCount > report.Damage.Count)
            output.Line($"  and {Units.Count(report.DamageCount - report.Damage.Count)} places more");
        if (finding.Ids is { } ids) PrintIds(output, ids);
        output.Line(finding.IsSound ? "  sound" : "  DAMAGED: restore this file from a copy; nothing was changed");
    }

    private static void PrintIds(Output output, MessageIdReport ids)
    {
        output.Line(
            $"  {Units.Count(ids.Messages)} message ids agree with their messages, " +
            $"{Units.Count(ids.Others)} records are no messages");
        if (ids.OtherFormats > 0)
            output.Line($"  {Units.Count(ids.OtherFormats)} records of other formats: not checked");
        foreach (Offset offset in ids.Unreadable)
            output.Line($"  no JSON at offset {offset}: the record is neither a message nor any other JSON");
        if (ids.UnreadableCount > ids.Unreadable.Count)
            output.Line(
                $"  and {Units.Count(ids.UnreadableCount - ids.Unreadable.Count)} records more that are no JSON");
        foreach (MessageIdFault fault in ids.Faults)
            output.Line(
                $"  wrong id at offset {fault.Offset}: the key is {fault.Key}, the message hashes to {fault.Computed}");
        if (ids.FaultCount > ids.Faults.Count)
            output.Line($"  and {Units.Count(ids.FaultCount - ids.Faults.Count)} wrong ids more");
    }

    private static void Write(Utf8JsonWriter json, List<Finding> findings)
    {
        json.WriteStartObject();
        json.WriteBoolean("sound", findings.TrueForAll(finding => finding.IsSound));
        json.WriteStartArray("logs");
        foreach (Finding finding in findings) Write(json, finding);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, Finding finding)
    {
        LogVerifyReport report = finding.Report;
        json.WriteStartObject();
        json.WriteString("log", report.Path);
        json.WriteBoolean("sound", finding.IsSound);
        json.WriteNumber("records", report.Records);
        json.WriteNumber("deleted", report.Deleted);
        json.WriteNumber("head", report.Head.Value);
        json.WriteNumber("bytes", report.EndPosition);
        json.WriteNumber("tornBytes", report.TornBytes);
        json.WriteNumber("checksumsCompared", report.BlocksCompared);
        json.WriteNumber("seconds", Math.Round(report.Elapsed.TotalSeconds, 3));
        json.WriteNumber("damageCount", report.DamageCount);
        json.WriteStartArray("damage");
        foreach (LogDamage damage in report.Damage)
        {
            json.WriteStartObject();
            json.WriteNumber("offset", damage.Offset.Value);
            json.WriteNumber("bytes", damage.Bytes);
            json.WriteString("reason", damage.Reason);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        finding.Ids?.Write(json);
        json.WriteEndObject();
    }

    private sealed record Finding(LogVerifyReport Report, MessageIdReport? Ids)
    {
        public bool IsSound => Report.Sound && Ids is not ({ FaultCount: > 0 } or { UnreadableCount: > 0 });
    }
}
