using Flume.Query.Json;

namespace Flume.Ssb.Messages;

/// <summary>The state of a feed, which determines its next message.</summary>
/// <param name="Id">The id of its last message.</param>
/// <param name="Sequence">The sequence of its last message, from 1.</param>
/// <param name="Timestamp">The last message's claimed time. Only errors show it.</param>
public sealed record FeedState(string Id, long Sequence, double Timestamp)
{
    /// <summary>The format of ssb-validate's errors.</summary>
    public override string ToString() => JsValue.From(new JsObject()
        .Set("id", JsValue.From(Id))
        .Set("sequence", JsValue.From(Sequence))
        .Set("timestamp", JsValue.From(Timestamp))
        .Set("queue", JsValue.From(new JsArray()))).ToJson();
}
