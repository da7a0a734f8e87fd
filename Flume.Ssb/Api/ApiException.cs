namespace Flume.Ssb.Api;

/// <summary>A call failed. The name and the message are those that a JavaScript caller receives.</summary>
public sealed class ApiException : Exception
{
    /// <summary>An error with a name such as <c>TypeError</c> or <c>NotFoundError</c>.</summary>
    public ApiException(string name, string message, Exception? cause = null)
        : base(message, cause) => ErrorName = name;

    /// <summary>JavaScript's <c>err.name</c>.</summary>
    public string ErrorName { get; }

    /// <summary>A parameter is missing or has the wrong type. The texts are those of ssb-db (docs/spec 3.2).</summary>
    public static ApiException Parameter(string message) => new("TypeError", message);

    /// <summary>The key does not exist.</summary>
    public static ApiException NotFound(string message) => new("NotFoundError", message);

    /// <summary>Any other error.</summary>
    public static ApiException Error(string message) => new("Error", message);
}
