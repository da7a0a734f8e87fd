using Flume.Query.Json;
using Flume.Ssb.Messages;

namespace Flume.Ssb.Publishing;

/// <summary>A message whose form and signature are verified, and the state of its feed that it follows.</summary>
/// <param name="Value">The message.</param>
/// <param name="Author">Its author.</param>
/// <param name="Follows">The state that it follows; null for a feed's first message.</param>
/// <param name="State">The state of the feed behind it.</param>
internal sealed record VerifiedMessage(JsValue Value, string Author, FeedState? Follows, FeedState State);
