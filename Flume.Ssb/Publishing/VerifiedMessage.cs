using Flume.Query.Json;
using Flume.Ssb.Messages;

namespace Flume.Ssb.Publishing;

/// <summary>A message with verified form and signature, and the feed state that it follows.</summary>
/// <param name="Value">The message.</param>
/// <param name="Author">Its author.</param>
/// <param name="Follows">The state that the message follows; null for a feed's first message.</param>
/// <param name="State">The state of the feed after the message.</param>
internal sealed record VerifiedMessage(JsValue Value, string Author, FeedState? Follows, FeedState State);
