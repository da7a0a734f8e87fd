using System.Text.Json;

namespace Flume.Host.Cli;

/// <summary>A filter for the messages that a tail prints: all, or those of one author, one type, or both.</summary>
internal sealed record TailFilter(string? Author, string? Type)
{
    private bool IsOpen => Author is null && Type is null;

    /// <summary>True for a line <c>{"offset":…,"value":…}</c> that passes the filter.</summary>
    public bool MatchesLine(string line)
    {
        if (IsOpen) return true;
        using JsonDocument document = JsonDocument.Parse(line);
        return document.RootElement.TryGetProperty("value", out JsonElement stored) && Matches(stored);
    }

    /// <summary>True for a record that passes the filter.</summary>
    public bool Matches(ReadOnlyMemory<byte> payload)
    {
        if (IsOpen) return true;
        try
        {
            using JsonDocument document = JsonDocument.Parse(payload);
            return Matches(document.RootElement);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private bool Matches(JsonElement stored) =>
        Member(stored, "value") is { } message
        && (Author is null || Is(Member(message, "author"), Author))
        && (Type is null || (Member(message, "content") is { } content && Is(Member(content, "type"), Type)));

    private static JsonElement? Member(JsonElement from, string name) =>
        from.ValueKind == JsonValueKind.Object && from.TryGetProperty(name, out JsonElement value) ? value : null;

    private static bool Is(JsonElement? value, string text) =>
        value is { ValueKind: JsonValueKind.String } known && known.ValueEquals(text);
}
