namespace Flume.Muxrpc.Calls;

/// <summary>A muxrpc error: a name and a message.</summary>
/// <param name="message">The text. Peers compare it.</param>
/// <param name="name">JavaScript's <c>err.name</c>.</param>
internal sealed class RpcException(string message, string name = "Error") : Exception(message)
{
    /// <summary>JavaScript's <c>err.name</c>.</summary>
    public string ErrorName { get; } = name;
}
