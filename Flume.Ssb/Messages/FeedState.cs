using Flume.Query.Json;

namespace Flume.Ssb.Messages;

/// <summary>Where a feed stands: what its next message must follow.</summary>
/// <param name="Id">The id of its last message.</param>
/// <param name="Sequence">Its last sequence, from 1.</param>
/// <param name="Timestamp">The last message's claimed time; shown in errors only.</param>
public sealed record FeedState(string Id, long Sequence, double Timestamp)
{
    /// <summary>As ssb-validate prints it in its errors.</summary>
    public override string ToString() => JsValue.From(new JsObject()
        .Set("id", JsValue.From(Id))
        .Set("sequence", JsValue.From(Sequence))
        .Set("timestamp", JsValue.From(Timestamp))
        .Set("queue", JsValue.From(new JsArray()))).ToJson();
}
