namespace Flume.Tools.Generate.Planning;

/// <summary>The ids of the messages written so far, by index: what contents name earlier messages with.</summary>
/// <remarks>
/// Each message's id is written once, by the thread that signs it, and read by others in later windows only.
/// </remarks>
internal sealed class FeedStates(int messages)
{
    /// <summary>Bytes of an id: a SHA-256.</summary>
    public const int IdBytes = 32;

    private readonly byte[] _ids = new byte[(long)messages * IdBytes];

    /// <summary>Where the id of message <paramref name="index"/> is kept.</summary>
    public Span<byte> Id(int index) => _ids.AsSpan(index * IdBytes, IdBytes);
}
