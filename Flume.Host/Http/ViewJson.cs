using System.Text.Json;
using Flume.Ssb.Api;

namespace Flume.Host.Http;

/// <summary>The state of logs and views as JSON; HTTP and the command line use the same form.</summary>
internal static class ViewJson
{
    /// <summary>The name of a state in every output.</summary>
    public static string Name(ViewState state) => ViewWords.Of(state);

    /// <summary>Writes the state of one view.</summary>
    public static void Write(Utf8JsonWriter json, ViewStatus view)
    {
        json.WriteStartObject();
        json.WriteString("name", view.Name);
        json.WriteNumber("version", view.Version);
        json.WriteString("kind", ViewWords.Of(view.Kind));
        json.WriteString("state", Name(view.State));
        json.WriteString("waitsFor", view.WaitsFor);
        json.WriteNumber("since", view.Since.Value);
        json.WriteNumber("head", view.Head.Value);
        json.WriteStartObject("lag");
        json.WriteNumber("records", view.Lag.Records);
        json.WriteNumber("bytes", view.Lag.Bytes);
        json.WriteNumber("seconds", Math.Round(view.Lag.Seconds, 3));
        json.WriteEndObject();
        json.WriteNumber("recordsPerSecond", Math.Round(view.RecordsPerSecond, 1));
        WriteSeconds(json, "etaSeconds", view.Eta);
        json.WriteNumber("skipped", view.Skipped);
        json.WriteNumber("restarts", view.Restarts);
        json.WriteString("lastError", view.LastError);
        json.WriteNumber("storeBytes", view.StoreBytes);
        WriteRows(json, view.Rows);
        WriteRebuilding(json, view.Rebuilding);
        WritePaused(json, view.Paused);
        WriteBudget(json, view.Budget);
        json.WritePropertyName("definition");
        if (view.Definition is null) json.WriteNullValue();
        else json.WriteRawValue(view.Definition, skipInputValidation: true);
        json.WriteEndObject();
    }

    /// <summary>
    /// Writes the results of a command: <c>{"views":[{"name":…,"accepted":…,"text":…}]}</c>, without the braces.
    /// </summary>
    public static void WriteOutcomes(Utf8JsonWriter json, CommandOutcome outcome)
    {
        json.WriteStartArray("views");
        foreach (ViewOutcome view in outcome.Views)
        {
            json.WriteStartObject();
            json.WriteString("name", view.View);
            json.WriteBoolean("accepted", view.IsAccepted);
            json.WriteString("text", view.Text);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteRows(Utf8JsonWriter json, IReadOnlyDictionary<string, long> rows)
    {
        json.WriteStartObject("rows");
        foreach ((string table, long count) in rows) json.WriteNumber(table, count);
        json.WriteEndObject();
    }

    private static void WriteRebuilding(Utf8JsonWriter json, RebuildInfo? rebuilding)
    {
        if (rebuilding is null)
        {
            json.WriteNull("rebuilding");
            return;
        }

        json.WriteStartObject("rebuilding");
        json.WriteNumber("progress", Math.Round(rebuilding.Progress, 4));
        json.WriteNumber("recordsPerSecond", Math.Round(rebuilding.RecordsPerSecond, 1));
        WriteSeconds(json, "etaSeconds", rebuilding.Eta);
        json.WriteString("reason", rebuilding.Reason);
        json.WriteEndObject();
    }

    private static void WritePaused(Utf8JsonWriter json, PauseInfo? paused)
    {
        if (paused is null)
        {
            json.WriteNull("paused");
            return;
        }

        json.WriteStartObject("paused");
        json.WriteString("reason", paused.Reason);
        if (paused.Until is DateTimeOffset until) json.WriteString("until", until);
        else json.WriteNull("until");
        json.WriteEndObject();
    }

    private static void WriteBudget(Utf8JsonWriter json, IndexBudget budget)
    {
        json.WriteStartObject("budget");
        json.WriteNumber("share", budget.Share);
        if (budget.RecordsPerSecond is { } rate) json.WriteNumber("recordsPerSecond", rate);
        else json.WriteNull("recordsPerSecond");
        json.WriteEndObject();
    }

    private static void WriteSeconds(Utf8JsonWriter json, string name, TimeSpan? time)
    {
        if (time is TimeSpan known) json.WriteNumber(name, Math.Round(known.TotalSeconds, 1));
        else json.WriteNull(name);
    }
}
