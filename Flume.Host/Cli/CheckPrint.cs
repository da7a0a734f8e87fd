using System.Globalization;
using System.Text.Json;
using Flume.Host.Http;
using Flume.Views.Checking;

namespace Flume.Host.Cli;

/// <summary>Prints check reports: as sentences, or as one JSON document.</summary>
internal static class CheckPrint
{
    /// <summary>Prints reports made by this process; returns the exit code.</summary>
    public static int Print(Output output, IReadOnlyList<ViewCheckReport> reports) => Print(output,
        [.. reports.Select(report => JsonElement.Parse(JsonText.Of(json => CheckJson.Write(json, report))))]);

    /// <summary>Prints reports received from a server; returns the exit code.</summary>
    public static int Print(Output output, List<JsonElement> reports)
    {
        bool agrees = reports.TrueForAll(report => report.GetProperty("agrees").GetBoolean());
        if (output.IsJson)
        {
            output.Document(json =>
            {
                json.WriteStartObject();
                json.WriteBoolean("agrees", agrees);
                json.WriteStartArray("views");
                foreach (JsonElement report in reports) report.WriteTo(json);
                json.WriteEndArray();
                json.WriteEndObject();
            });
        }
        else
        {
            foreach (JsonElement report in reports) Print(output, report);
        }

        return agrees ? ExitCode.Ok : ExitCode.Damaged;
    }

    private static void Print(Output output, JsonElement report)
    {
        string view = report.GetProperty("view").GetString()!;
        output.Line($"{view}: {Verdict(report)}");
        foreach (JsonElement fault in report.GetProperty("faults").EnumerateArray())
            output.Line($"  {fault.GetString()}");
        foreach (JsonElement difference in report.GetProperty("differences").EnumerateArray())
            output.Line($"  {Describe(difference)}");
        long wrong = report.GetProperty("wrong").GetInt64();
        long listed = report.GetProperty("differences").GetArrayLength();
        if (wrong > listed) output.Line($"  and {Units.Count(wrong - listed)} rows more");
        if (report.GetProperty("moreStretches").GetInt32() is > 0 and int more)
            output.Line($"  and rows in {Units.Count(more)} further ranges of the log, not compared one by one");
        if (!report.GetProperty("agrees").GetBoolean())
            output.Line($"  The log is the truth: 'flume rebuild {view}' rebuilds the rows.");
    }

    private static string Verdict(JsonElement report)
    {
        string records = Units.Count(report.GetProperty("records").GetInt64());
        string rows = Units.Count(report.GetProperty("rows").GetInt64());
        string since = Text.Of(report.GetProperty("since").GetInt64());
        bool agrees = report.GetProperty("agrees").GetBoolean();
        long wrong = report.GetProperty("wrong").GetInt64();
        if (wrong == 0 && !agrees) return "the rows disagree with the log";
        string outcome = agrees ? "agree" : $"{Units.Count(wrong)} rows DISAGREE";
        if (report.GetProperty("full").GetBoolean())
            return $"all {rows} rows against all {records} records up to offset {since}: {outcome}";
        string found = agrees
            ? $"; had more than {Percent(report, "recordsBound")} of the records lost rows, or were more than " +
              $"{Percent(report, "rowsBound")} of the rows wrong, one would have been found with 99 %"
            : "";
        return $"{records} records and {rows} rows of those up to offset {since}, chosen with --seed " +
            $"{Text.Of(report.GetProperty("seed").GetInt64())}: {outcome}{found}";
    }

    private static string Percent(JsonElement report, string bound) =>
        report.GetProperty(bound).GetDouble().ToString("P2", CultureInfo.InvariantCulture);

    private static string Describe(JsonElement difference)
    {
        string fault = difference.GetProperty("fault").GetString()!;
        string place = difference.TryGetProperty("index", out JsonElement index)
            ? $"index {index.GetInt32()}, record at offset {Text.Of(difference.GetProperty("offset").GetInt64())}"
            : "plain row";
        string expected = difference.GetProperty("expected").GetString() ?? "none";
        string found = difference.GetProperty("found").GetString() ?? "none";
        return $"{fault}: {place}: the log means {expected}, the store has {found}";
    }
}
