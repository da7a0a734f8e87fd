using System.Text.Json;
using Flume.Views.Checking;

namespace Flume.Host.Http;

/// <summary>The result of a view's check as JSON; HTTP and the command line use the same form.</summary>
internal static class CheckJson
{
    /// <summary>Writes one report.</summary>
    public static void Write(Utf8JsonWriter json, ViewCheckReport report)
    {
        json.WriteStartObject();
        json.WriteString("view", report.View);
        json.WriteBoolean("agrees", report.Agrees);
        json.WriteBoolean("full", report.IsFull);
        json.WriteNumber("since", report.Since.Value);
        json.WriteNumber("records", report.Records);
        json.WriteNumber("rows", report.Rows);
        json.WriteNumber("recordsBound", Math.Round(report.RecordsBound, 6));
        json.WriteNumber("rowsBound", Math.Round(report.RowsBound, 6));
        if (report.Seed is { } seed) json.WriteNumber("seed", seed);
        json.WriteNumber("wrong", report.Wrong);
        json.WriteNumber("moreStretches", report.MoreStretches);
        json.WriteStartArray("faults");
        foreach (string fault in report.Faults) json.WriteStringValue(fault);
        json.WriteEndArray();
        json.WriteStartArray("differences");
        foreach (RowDifference difference in report.Differences) Write(json, difference);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, RowDifference difference)
    {
        json.WriteStartObject();
        json.WriteString("fault", difference.Fault.ToString().ToLowerInvariant());
        if (difference.Index is { } index) json.WriteNumber("index", index);
        if (difference.Offset is { } offset) json.WriteNumber("offset", offset);
        json.WriteString("expected", difference.Expected);
        json.WriteString("found", difference.Found);
        json.WriteEndObject();
    }
}
