using Flume.Log;
using Flume.Query.Json;

namespace Flume.Ssb.Messages;

/// <summary>Tracks the highest sequence of one author in a series of records.</summary>
public sealed class OwnFeed(string id)
{
    private readonly byte[] _id = System.Text.Encoding.UTF8.GetBytes(id);
    private readonly MessageDecoder _decoder = new();

    /// <summary>The highest sequence seen; 0 for none.</summary>
    public long Newest { get; private set; }

    /// <summary>Processes one record's payload. Records of other authors have no effect.</summary>
    public void Take(ReadOnlySpan<byte> payload)
    {
        if (payload.IndexOf(_id) < 0) return;
        DecodedMessage message = _decoder.Decode(Offset.None, payload);
        if (!message.IsMessage || message.Author.Kind != JsKind.String) return;
        if (!message.Author.Utf8.SequenceEqual(_id)) return;
        if (message.Sequence.Kind == JsKind.Number) Newest = Math.Max(Newest, (long)message.Sequence.Number);
    }
}
