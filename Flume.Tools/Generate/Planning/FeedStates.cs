namespace Flume.Tools.Generate.Planning;

/// <summary>The ids of the messages written so far, by index. Contents use them to mention earlier messages.</summary>
/// <remarks>
/// The thread that signs a message writes its id once; other threads read it only in later windows.
/// </remarks>
internal sealed class FeedStates(int messages)
{
    /// <summary>Bytes of an id: a SHA-256.</summary>
    public const int IdBytes = 32;

    private readonly byte[] _ids = new byte[(long)messages * IdBytes];

    /// <summary>The slot for the id of message <paramref name="index"/>.</summary>
    public Span<byte> Id(int index) => _ids.AsSpan(index * IdBytes, IdBytes);
}
