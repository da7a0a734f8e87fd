using System.Text;
using System.Text.Json;
using Flume.Query.Json;
using Flume.Query.MapFilterReduce;
using Flume.Query.MapFilterReduce.Folding;

namespace Flume.Host.Cli;

/// <summary>Which records a tail shows: all, or those of one author, of one type, or that a filter lets through.</summary>
internal sealed class TailFilter
{
    private readonly string? _author;
    private readonly string? _type;
    private readonly QueryPipeline? _filter;

    /// <summary>Each part may be null: it lets everything through.</summary>
    /// <exception cref="VerbException">The filter is not one that a query takes.</exception>
    public TailFilter(string? author, string? type, string? filter)
    {
        (_author, _type) = (author, type);
        if (filter is null) return;
        JsArray stages = new JsArray().Add(JsValue.From(new JsObject().Set("$filter", CallVerb.Parse(filter))));
        try
        {
            _filter = IncrementalQuery.Compile(stages).Before;
        }
        catch (QueryException error)
        {
            throw VerbException.Usage($"--filter {filter}: {error.Message}");
        }
    }

    private bool IsOpen => _author is null && _type is null && _filter is null;

    /// <summary>True for a line <c>{"offset":…,"value":…}</c> that passes the filter.</summary>
    public bool MatchesLine(string line)
    {
        if (IsOpen) return true;
        using JsonDocument document = JsonDocument.Parse(line);
        return document.RootElement.TryGetProperty("value", out JsonElement stored)
            && Matches(stored) && Passes(Encoding.UTF8.GetBytes(stored.GetRawText()));
    }

    /// <summary>True for a record that passes the filter.</summary>
    public bool Matches(ReadOnlyMemory<byte> payload)
    {
        if (IsOpen) return true;
        try
        {
            using JsonDocument document = JsonDocument.Parse(payload);
            return Matches(document.RootElement) && Passes(payload);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private bool Passes(ReadOnlyMemory<byte> json)
    {
        if (_filter is null) return true;
        PipelineRun run = _filter.Start();
        run.Push(JsValue.Parse(json));
        return run.TryTake(out _);
    }

    private bool Matches(JsonElement stored) =>
        (_author is null && _type is null)
        || (Member(stored, "value") is { } message
            && (_author is null || Is(Member(message, "author"), _author))
            && (_type is null || (Member(message, "content") is { } content && Is(Member(content, "type"), _type))));

    private static JsonElement? Member(JsonElement from, string name) =>
        from.ValueKind == JsonValueKind.Object && from.TryGetProperty(name, out JsonElement value) ? value : null;

    private static bool Is(JsonElement? value, string text) =>
        value is { ValueKind: JsonValueKind.String } known && known.ValueEquals(text);
}
