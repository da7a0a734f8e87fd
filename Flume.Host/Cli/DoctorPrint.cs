using System.Text.Json;
using Flume.Tools.Doctor;

namespace Flume.Host.Cli;

/// <summary>Prints the outcome of <c>flume doctor</c>: as sentences, or as one JSON document.</summary>
internal static class DoctorPrint
{
    public static void Print(Output output, DoctorOutcome outcome)
    {
        if (output.IsJson)
        {
            output.Document(json => Write(json, outcome));
            return;
        }

        if (outcome.Holder is not null)
            output.Line(
                $"{outcome.Directory} is in use by {outcome.Holder}: rows, ends of logs and left-over files were not " +
                "looked at. 'flume check --http' proves rows while serving.");
        foreach (IdentityCheckup identity in outcome.Now.Identities)
        {
            string views = outcome.Holder is null ? $", {identity.Views} views read well" : "";
            output.Line(
                $"{identity.Name}: {Units.Count(identity.Records)} records, {Units.Bytes(identity.Bytes)}{views}");
        }

        foreach (Finding finding in outcome.Found.Findings) Print(output, finding);
        foreach (RepairResult treated in outcome.Results)
            output.Line($"{(treated.Failure is null ? "fixed" : "NOT FIXED")}: {treated.Finding.Subject}: " +
                $"{treated.Done ?? treated.Failure}");
        if (outcome.QuarantineFolder is not null)
            output.Line($"Nothing was discarded: {outcome.QuarantineFolder}/list.txt says what came from where.");
        if (outcome.Left is not null && !outcome.Left.IsHealthy)
        {
            output.Line("What is left:");
            foreach (Finding finding in outcome.Left.Findings) Print(output, finding);
        }

        output.Line(Verdict(outcome));
    }

    private static string Verdict(DoctorOutcome outcome)
    {
        if (outcome.Now.IsHealthy) return "healthy";
        int wrong = outcome.Now.Findings.Count(finding => !finding.IsNote);
        int fixable = outcome.Now.Findings.Count(finding => finding.CanFix);
        string advice = (fixable, outcome.Left) switch
        {
            (0, _) => "none of them can be fixed from here: see what to do above",
            (_, null) when outcome.Holder is not null =>
                $"stop the service, then 'flume doctor {outcome.Option} --fix' repairs {fixable}",
            (_, null) => $"'flume doctor {outcome.Option} --fix' repairs {fixable}",
            _ => "run it again",
        };
        return $"NOT HEALTHY: {wrong} findings; {advice}.";
    }

    private static void Print(Output output, Finding finding)
    {
        output.Line($"{(finding.IsNote ? "note" : finding.Code)}: {finding.Subject}: {finding.Text}");
        output.Line($"  {(finding.CanFix ? "--fix" : "to do")}: {finding.Remedy}");
    }

    private static void Write(Utf8JsonWriter json, DoctorOutcome outcome)
    {
        json.WriteStartObject();
        json.WriteBoolean("healthy", outcome.Now.IsHealthy);
        json.WriteString("directory", outcome.Directory);
        json.WriteString("heldBy", outcome.Holder);
        json.WriteStartArray("identities");
        foreach (IdentityCheckup identity in outcome.Now.Identities)
        {
            json.WriteStartObject();
            json.WriteString("name", identity.Name);
            json.WriteNumber("records", identity.Records);
            json.WriteNumber("bytes", identity.Bytes);
            json.WriteNumber("views", identity.Views);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        Write(json, "findings", outcome.Found.Findings);
        json.WriteStartArray("treated");
        foreach (RepairResult treated in outcome.Results) Write(json, treated);
        json.WriteEndArray();
        json.WriteString("setAside", outcome.QuarantineFolder);
        Write(json, "left", outcome.Left?.Findings ?? []);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string name, IReadOnlyList<Finding> findings)
    {
        json.WriteStartArray(name);
        foreach (Finding finding in findings)
        {
            json.WriteStartObject();
            json.WriteString("code", finding.Code);
            json.WriteString("subject", finding.Subject);
            json.WriteBoolean("note", finding.IsNote);
            json.WriteBoolean("canFix", finding.CanFix);
            json.WriteString("text", finding.Text);
            json.WriteString("remedy", finding.Remedy);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, RepairResult treated)
    {
        json.WriteStartObject();
        json.WriteString("code", treated.Finding.Code);
        json.WriteString("subject", treated.Finding.Subject);
        json.WriteString("done", treated.Done);
        json.WriteString("failure", treated.Failure);
        json.WriteEndObject();
    }
}
