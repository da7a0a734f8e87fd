using System.Text;
using Flume.Log;
using Flume.Log.Primitives;
using Flume.Query.Json;
using Flume.Ssb.Api;
using Flume.Ssb.Views.Feeds;
using Flume.Views.Store;

namespace Flume.Ssb.Reading;

/// <summary>Lists the feeds with their newest messages: ssb-db's <c>last</c> (docs/spec 3.2).</summary>
/// <remarks>
/// The newest message is the last one in the log, as in JavaScript. Feeds are in the order of their first message.
/// </remarks>
internal readonly struct FeedTable(IIdentity identity, IViewReader rows)
{
    /// <summary>The newest message of every feed.</summary>
    internal IEnumerable<JsValue> Newest(CancellationToken cancel)
    {
        MessageReader reader = new(identity);
        foreach ((long _, long last) in Feeds(cancel).OrderBy(feed => feed.First))
        {
            cancel.ThrowIfCancellationRequested();
            if (reader.TryStored(new Offset(last), out JsValue message)) yield return message;
        }
    }

    /// <summary>The newest message of one feed; undefined if there is none.</summary>
    internal JsValue NewestOf(string feed)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(feed);
        MessageReader reader = new(identity);
        List<long> offsets = [];
        using (PostingCursor cursor = rows.Read(
            FeedsView.ByAuthor, PostingRange.Exact(Fingerprint.Of(utf8)), reverse: true))
        {
            while (cursor.MoveNext()) offsets.Add(cursor.Current.Offset);
        }
        offsets.Sort();
        for (int i = offsets.Count - 1; i >= 0; i--)
        {
            if (reader.TryStored(new Offset(offsets[i]), out JsValue message)
                && message["value"]["author"].EqualsUtf8(utf8)) return message;
        }
        return JsValue.Undefined;
    }

    private List<(long First, long Last)> Feeds(CancellationToken cancel)
    {
        List<(long First, long Last)> feeds = [];
        ulong author = 0;
        using PostingCursor cursor = rows.Read(FeedsView.ByAuthor, PostingRange.All);
        while (cursor.MoveNext())
        {
            Posting posting = cursor.Current;
            if (feeds.Count == 0 || posting.A != author)
            {
                cancel.ThrowIfCancellationRequested();
                feeds.Add((posting.Offset, posting.Offset));
                author = posting.A;
                continue;
            }
            (long first, long last) = feeds[^1];
            feeds[^1] = (Math.Min(first, posting.Offset), Math.Max(last, posting.Offset));
        }
        return feeds;
    }
}
