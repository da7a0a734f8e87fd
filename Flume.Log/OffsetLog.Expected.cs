namespace Flume.Log;

/// <content>Optimistic concurrency between the threads of the one process that writes.</content>
public sealed partial class OffsetLog
{
    /// <summary>
    /// Appends records with one write if the head is the expected one; readers see all of them or none.
    /// </summary>
    /// <param name="payloads">The records, in order.</param>
    /// <param name="durability">How durable they are when the method returns.</param>
    /// <param name="expectedHead">
    /// The head that the caller's decision rests on; <see cref="Offset.None"/> for an empty log.
    /// </param>
    /// <exception cref="LogHeadMovedException">The head is another: nothing was written.</exception>
    /// <inheritdoc cref="Append(ReadOnlySpan{ReadOnlyMemory{byte}}, Durability)"/>
    public AppendResult Append(
        ReadOnlySpan<ReadOnlyMemory<byte>> payloads, Durability durability, Offset expectedHead) =>
        Writer("append to").Append(payloads, durability, expectedHead);
}
