using System.Text.Json;
using Flume.Log;
using Flume.Ssb.Api;
using Flume.Views;
using Flume.Views.Registered;

namespace Flume.Actors;

/// <summary>Flume's own events as JSON: explicit, so that renaming a class can't make a journal unreadable.</summary>
internal static class EventCodec
{
    private const string ViewRememberedType = "view-remembered";
    private const string ViewDefinedType = "view-defined";
    private const string DeletionIntendedType = "deletion-intended";
    private const string DeletionSettledType = "deletion-settled";

    /// <summary>False when the event is none of Flume's.</summary>
    public static bool Knows(object @event) => @event is OperatorStateChanged or ViewDefined or DeletionNoted;

    /// <summary>Writes one event as a JSON object.</summary>
    /// <exception cref="ArgumentException">It is none of Flume's.</exception>
    public static void Write(Utf8JsonWriter json, object @event)
    {
        if (@event is ViewDefined defined)
        {
            Write(json, defined);
            return;
        }

        if (@event is DeletionNoted deletion)
        {
            Write(json, deletion);
            return;
        }

        if (@event is not OperatorStateChanged changed)
        {
            throw new ArgumentException(
                $"Can't store an event of type {@event.GetType()}: flume.journal stores Flume's own events. " +
                "Configure another journal for other persistent actors.");
        }

        json.WriteStartObject();
        json.WriteString("type", ViewRememberedType);
        json.WriteString("view", changed.View);
        json.WriteNumber("version", changed.OperatorState.Version);
        json.WriteNumber("share", changed.OperatorState.Budget.Share);
        if (changed.OperatorState.Budget.RecordsPerSecond is { } rate) json.WriteNumber("recordsPerSecond", rate);
        if (changed.OperatorState.PendingRebuild is { } pendingRebuild) json.WriteString("owed", pendingRebuild);
        if (changed.OperatorState.MustPurgeDeleted) json.WriteBoolean("renewal", true);
        if (changed.OperatorState.Pause is { } pause)
        {
            json.WriteString("paused", pause.Reason);
            if (pause.Until is { } until) json.WriteString("until", until);
        }

        json.WriteEndObject();
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="JsonException">It is of a type that this version of Flume does not know, or lacks a field.</exception>
    public static object Read(JsonElement json)
    {
        string? type = Text(json, "type");
        if (type == ViewDefinedType) return ReadDefined(json);
        if (type is DeletionIntendedType or DeletionSettledType)
            return new DeletionNoted(new Offset(json.GetProperty("offset").GetInt64()), type == DeletionSettledType);
        if (type != ViewRememberedType)
            throw new JsonException($"The journal holds an event of type '{type}'; this version knows {ViewRememberedType}, "
                + $"{ViewDefinedType}, {DeletionIntendedType} and {DeletionSettledType}.");
        PauseInfo? pause = Text(json, "paused") is { } reason
            ? new(reason, json.TryGetProperty("until", out JsonElement until) ? until.GetDateTimeOffset() : null)
            : null;
        return new OperatorStateChanged(
            Text(json, "view") ?? throw new JsonException("An event of the journal names no view."),
            new ViewOperatorState(json.GetProperty("version").GetInt32(), Budget(json), pause, Text(json, "owed"))
            {
                MustPurgeDeleted = json.TryGetProperty("renewal", out JsonElement renewal) && renewal.GetBoolean(),
            });
    }

    private static void Write(Utf8JsonWriter json, DeletionNoted deletion)
    {
        json.WriteStartObject();
        json.WriteString("type", deletion.IsSettled ? DeletionSettledType : DeletionIntendedType);
        json.WriteNumber("offset", deletion.Offset.Value);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, ViewDefined defined)
    {
        json.WriteStartObject();
        json.WriteString("type", ViewDefinedType);
        json.WriteString("view", defined.View);
        if (defined.Definition is { } definition)
        {
            json.WriteString("kind", definition.Kind == ViewKind.Declared ? "declared" : "client");
            json.WriteString("definition", definition.Json);
        }

        json.WriteEndObject();
    }

    private static ViewDefined ReadDefined(JsonElement json)
    {
        string view = Text(json, "view") ?? throw new JsonException("An event of the journal names no view.");
        if (Text(json, "definition") is not { } definition) return new ViewDefined(view, null);
        ViewKind kind = Text(json, "kind") == "declared" ? ViewKind.Declared : ViewKind.Client;
        return new ViewDefined(view, ViewDefinition.Of(view, kind, definition));
    }

    private static IndexBudget Budget(JsonElement json) => new(
        json.GetProperty("share").GetDouble(),
        json.TryGetProperty("recordsPerSecond", out JsonElement rate) ? rate.GetDouble() : null);

    private static string? Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out JsonElement value) ? value.GetString() : null;
}
