namespace Flume.Host.Http;

/// <summary>One type of problem that the HTTP server reports, as defined by RFC 9457.</summary>
/// <param name="Name">The last part of the type's address, <c>/problems/NAME</c>.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Title">The description, equal for every occurrence.</param>
/// <param name="Remedy">The action that resolves it.</param>
internal sealed record ProblemType(string Name, int Status, string Title, string Remedy)
{
    /// <summary>The type's address; it is relative to the server that answered.</summary>
    public string Address => $"/problems/{Name}";
}
