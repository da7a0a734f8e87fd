using Flume.Query.Json;

namespace Flume.SystemTests.Golden;

/// <summary>What came back for one call: a value, or rows, or the text of an error.</summary>
/// <param name="Value">The value of a call that gives one; undefined when it gave none.</param>
/// <param name="Rows">The items of a source.</param>
/// <param name="Error">What the error says; null when there was none.</param>
internal sealed record GoldenAnswer(JsValue Value, IReadOnlyList<JsValue> Rows, string? Error = null)
{
    /// <summary>True when a view was read for it, and not the log alone.</summary>
    public bool IsFromView { get; init; }

    /// <summary>True when a rebuild of the view that answered was running.</summary>
    public bool WhileRebuilding { get; init; }

    /// <summary>An error.</summary>
    public static GoldenAnswer Of(string error) => new(JsValue.Undefined, [], error);

    /// <summary>What JSON lines say: the rows of a source, or one value.</summary>
    public static GoldenAnswer Of(bool isSource, string lines)
    {
        JsValue[] parsed = [.. lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(JsValue.Parse)];
        return isSource ? new GoldenAnswer(JsValue.Undefined, parsed)
            : new GoldenAnswer(parsed.FirstOrDefault(), []);
    }
}
