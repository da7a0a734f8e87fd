namespace Flume.Host.Http;

/// <summary>Ends a request with a problem document.</summary>
internal sealed class ProblemException(
    ProblemType type, string detail, Exception? cause = null) : Exception(detail, cause)
{
    /// <summary>The problem's type.</summary>
    public ProblemType Type { get; } = type;

    /// <summary>The expected value, or null.</summary>
    public string? Expected { get; init; }

    /// <summary>The name of the corresponding JavaScript error, or null.</summary>
    public string? ErrorName { get; init; }

    /// <summary>Seconds after which a retry can succeed, or null.</summary>
    public int? RetryAfterSeconds { get; init; }

    /// <summary>Further members of the document, or null.</summary>
    public Action<System.Text.Json.Utf8JsonWriter>? More { get; init; }

    /// <summary>Creates the problem of an exceeded limit: the document names the configuration key.</summary>
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
