using System.Text;
using Flume.Query.Json;
using Flume.Query.MapFilterReduce;
using Flume.Query.MapFilterReduce.Folding;

namespace Flume.Host.Cli;

/// <summary>
/// Which records a tail shows: all, or those of one author, of one type, or that a filter lets through.
/// </summary>
/// <remarks>
/// A record is JSON exactly where views say so. A record that is no JSON passes only without conditions.
/// </remarks>
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
        JsValue stored = JsValue.Parse(Encoding.UTF8.GetBytes(line))["value"];
        return !stored.IsUndefined && Guarded(() => Passes(stored));
    }

    /// <summary>True for a record that passes the filter.</summary>
    public bool Matches(ReadOnlyMemory<byte> payload) => IsOpen || Guarded(() => Passes(JsValue.ParseWhole(payload)));

    private static bool Guarded(Func<bool> test)
    {
        try
        {
            return test();
        }
        catch (JsSyntaxException)
        {
            return false; // no JSON: neither author nor type, and no query sees it
        }
    }

    private bool Passes(JsValue stored)
    {
        JsValue message = stored["value"];
        if (_author is not null && !Is(message["author"], _author)) return false;
        if (_type is not null && !Is(message["content"]["type"], _type)) return false;
        if (_filter is null) return true;
        PipelineRun run = _filter.Start();
        run.Push(stored);
        return run.TryTake(out _);
    }

    private static bool Is(JsValue value, string text) => value.IsString && value.AsString == text;
}
