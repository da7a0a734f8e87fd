using Flume.Log.Primitives;

namespace Flume.Ssb.Messages;

/// <summary>The posting keys of a message that several views use, each computed once.</summary>
public sealed class MessageKeys
{
    private readonly DecodedMessage _message;
    private ulong? _author;
    private ulong? _sequence;
    private ulong? _type;

    internal MessageKeys(DecodedMessage message) => _message = message;

    /// <summary>The fingerprint of <c>value.author</c>.</summary>
    public ulong Author => _author ??= IndexKey.FingerprintOf(_message.Author);

    /// <summary>The sort key of <c>value.sequence</c>.</summary>
    public ulong Sequence => _sequence ??= IndexKey.SortKeyOf(_message.Sequence);

    /// <summary>The fingerprint of <c>content.type</c>.</summary>
    public ulong Type => _type ??= IndexKey.FingerprintOf(_message.Fields.Type);

    /// <summary>The sort key of <c>timestamp</c>.</summary>
    public ulong Received { get; private set; }

    /// <summary>The sort key of <c>value.timestamp</c>.</summary>
    public ulong Claimed { get; private set; }

    internal void Start(double received, double claimed)
    {
        _author = _sequence = _type = null;
        Received = _message.Received.IsNumber ? SortKey.Of(received) : IndexKey.SortKeyOf(_message.Received);
        Claimed = _message.Claimed.IsNumber ? SortKey.Of(claimed) : IndexKey.SortKeyOf(_message.Claimed);
    }
}
