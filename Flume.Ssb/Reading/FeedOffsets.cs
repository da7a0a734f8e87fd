using Flume.Log;
using Flume.Query.Json;
using Flume.Ssb.Api;
using Flume.Ssb.Views.Feeds;
using Flume.Views.Store;

namespace Flume.Ssb.Reading;

/// <summary>Finds the messages of one feed.</summary>
internal static class FeedOffsets
{
    /// <summary>The offsets of a feed's messages by sequence, without deleted ones.</summary>
    internal static async ValueTask<IReadOnlyList<Offset>> OfAsync(ApiCall call, string feed)
    {
        using ViewRead read = await call.ReadAsync("feeds").ConfigureAwait(false);
        List<Offset> offsets = [];
        PostingRange range = PostingRange.Exact(Candidates.Print(feed));
        foreach ((Offset offset, JsValue message) in new Candidates(call, read.Rows).Read(FeedsView.ByAuthor, range))
        {
            if (message["value"]["author"] is { IsString: true } author && author.AsString == feed) offsets.Add(offset);
        }
        return offsets;
    }
}
