namespace Flume.Host.Http;

/// <summary>Ends a request with a problem document.</summary>
internal sealed class ProblemException(
    ProblemType type, string detail, Exception? cause = null) : Exception(detail, cause)
{
    /// <summary>Which kind.</summary>
    public ProblemType Type { get; } = type;

    /// <summary>What was expected in place of what came, or null.</summary>
    public string? Expected { get; init; }

    /// <summary>The error's name as JavaScript would have it, or null.</summary>
    public string? ErrorName { get; init; }

    /// <summary>After how many seconds trying again makes sense, or null.</summary>
    public int? RetryAfterSeconds { get; init; }

    /// <summary>Further members of the document, or null.</summary>
    public Action<System.Text.Json.Utf8JsonWriter>? More { get; init; }

    /// <summary>A limit that a request met: the document names the configuration's key.</summary>
    public static ProblemException Limit(ProblemType type, string key, long limit, string detail) => new(type, detail)
    {
        Expected = $"at most {limit} (flume.http.{key})",
        RetryAfterSeconds = type.Status == 503 ? 1 : null,
        More = json =>
        {
            json.WriteString("key", $"flume.http.{key}");
            json.WriteNumber("limit", limit);
        },
    };
}
