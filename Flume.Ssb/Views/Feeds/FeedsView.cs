using Flume.Log.Primitives;
using Flume.Ssb.Messages;
using Flume.Ssb.Views.Query;
using Flume.Views;
using Flume.Views.Store;

namespace Flume.Ssb.Views.Feeds;

/// <summary>
/// Messages by author and sequence, by received time and by claimed time: ssb-db's <c>clock</c>, <c>last</c>,
/// <c>time</c> and <c>feed</c>.
/// </summary>
public sealed class FeedsView : SsbView
{
    /// <summary>A = the author's fingerprint; B = sequence.</summary>
    internal const byte ByAuthor = 1;

    /// <summary>A = 0; B = the received timestamp.</summary>
    internal const byte ByReceived = 2;

    /// <summary>A = 0; B = the resolved timestamp of createFeedStream (docs/spec 3.2).</summary>
    internal const byte ByResolved = 3;

    /// <inheritdoc/>
    public override string Name => "feeds";

    /// <inheritdoc/>
    public override int Version => 2;

    /// <inheritdoc/>
    protected override void Apply(DecodedMessage message, RowSink rows)
    {
        if (!message.Author.IsUndefined && !message.Sequence.IsUndefined)
            rows.Post(ByAuthor, message.Keys.Author, message.Keys.Sequence);
        if (!message.Received.IsUndefined) rows.Post(ByReceived, 0, message.Keys.Received);
        rows.Post(ByResolved, 0, ResolvedKey(message));
    }

    private static ulong ResolvedKey(DecodedMessage message)
    {
        if (ResolvedTimes.ArePlain(message)) return message.FeedRts is { } rts ? SortKey.Of(rts) : SortKey.Highest;
        return ResolvedTimes.KeyOf(message, ResolvedTimes.OfFeeds) ?? SortKey.Highest;
    }
}
