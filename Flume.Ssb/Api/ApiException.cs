namespace Flume.Ssb.Api;

/// <summary>A call that can't be answered, with the name and message that a JavaScript caller would get.</summary>
public sealed class ApiException : Exception
{
    /// <summary>An error called <paramref name="name"/>, e.g. <c>TypeError</c> or <c>NotFoundError</c>.</summary>
    public ApiException(string name, string message, Exception? cause = null)
        : base(message, cause) => ErrorName = name;

    /// <summary>JavaScript's <c>err.name</c>.</summary>
    public string ErrorName { get; }

    /// <summary>A parameter is missing or has the wrong shape; the texts are ssb-db's (docs/spec 3.2).</summary>
    public static ApiException Parameter(string message) => new("TypeError", message);

    /// <summary>There is nothing under that key.</summary>
    public static ApiException NotFound(string message) => new("NotFoundError", message);

    /// <summary>Anything else.</summary>
    public static ApiException Error(string message) => new("Error", message);
}
