namespace Flume.Host.Http;

/// <summary>One kind of error that the HTTP side answers, as RFC 9457 names them.</summary>
/// <param name="Name">The last part of the type's address, <c>/problems/NAME</c>.</param>
/// <param name="Status">The HTTP status that goes with it.</param>
/// <param name="Title">What it is, the same for every occurrence.</param>
/// <param name="Remedy">What the caller does about it.</param>
internal sealed record ProblemType(string Name, int Status, string Title, string Remedy)
{
    /// <summary>The type's address; relative, so it resolves at the server that answered.</summary>
    public string Address => $"/problems/{Name}";
}
