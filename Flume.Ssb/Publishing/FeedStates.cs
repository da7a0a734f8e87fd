using System.Text;
using Flume.Log;
using Flume.Log.Primitives;
using Flume.Query.Json;
using Flume.Ssb.Api;
using Flume.Ssb.Messages;
using Flume.Ssb.Reading;
using Flume.Ssb.Views.Feeds;
using Flume.Views.Store;

namespace Flume.Ssb.Publishing;

/// <summary>Where feeds stand in the log up to one head: what the next message of each has to follow.</summary>
/// <remarks>
/// 1. A state is that of the message with the highest sequence: a record that is in the log twice moves no feed back.
/// 2. A feed is looked up in one snapshot of the feeds view; after that it is followed record by record.
/// 3. A deleted record can change any state, so all are looked up again.
/// For one thread at a time.
/// </remarks>
internal sealed class FeedStates(IIdentity identity)
{
    private const string View = "feeds";
    private const int FeedsMax = 20_000;

    /// <summary>More than this is not read record by record: the view has it.</summary>
    private const long FollowBytesMax = 8 << 20;

    private readonly Dictionary<string, FeedState?> _byFeed = new(StringComparer.Ordinal);
    private long _deletions;

    /// <summary>The head up to which the states hold.</summary>
    public Offset Head { get; private set; } = Offset.None;

    /// <summary>The state of a feed that was learned; null when the feed has no message.</summary>
    public FeedState? Of(string feed) => _byFeed.GetValueOrDefault(feed);

    /// <summary>Forgets everything: the log may hold other records than is known.</summary>
    public void Forget()
    {
        _byFeed.Clear();
        Head = Offset.None;
    }

    /// <summary>Brings the states to the head of the log, and looks up the feeds that are not known.</summary>
    /// <exception cref="ReadRejectedException">The feeds view can't be read as fresh as needed.</exception>
    public async ValueTask LearnAsync(IEnumerable<string> feeds)
    {
        OffsetLog log = await OpenLog.OfAsync(identity).ConfigureAwait(false);
        if (log.Deletions != _deletions || _byFeed.Count > FeedsMax) Forget();
        _deletions = log.Deletions;
        if (log.EndPosition - Math.Max(0, Head.Value) > FollowBytesMax) Forget();
        string[] unknown = [.. feeds.Distinct(StringComparer.Ordinal).Where(feed => !_byFeed.ContainsKey(feed))];
        if (unknown.Length > 0) await LookUpAsync(log, unknown).ConfigureAwait(false);
        Follow(log, log.Head);
    }

    /// <summary>A batch is in the log, and its last record is the one at <paramref name="last"/>.</summary>
    public void Accept(IReadOnlyDictionary<string, FeedState> states, Offset last)
    {
        foreach ((string feed, FeedState state) in states) _byFeed[feed] = state;
        Head = last;
    }

    private async ValueTask LookUpAsync(OffsetLog log, string[] feeds)
    {
        using ViewRead read = await identity.ReadAsync(View, ReadFreshness.Fresh).ConfigureAwait(false);
        if (_byFeed.Count == 0) Head = read.Since;
        Follow(log, read.Since);
        foreach (string feed in feeds) _byFeed[feed] = NewestOf(feed, read.Rows);
    }

    private FeedState? NewestOf(string feed, IViewReader rows)
    {
        MessageReader reader = new(identity);
        byte[] utf8 = Encoding.UTF8.GetBytes(feed);
        using PostingCursor cursor = rows.Read(
            FeedsView.ByAuthor, PostingRange.Exact(Fingerprint.Of(utf8)), reverse: true);
        while (cursor.MoveNext())
        {
            if (reader.TryStored(new Offset(cursor.Current.Offset), out JsValue message)
                && message["value"]["author"].EqualsUtf8(utf8) && StateAt(message) is { } state) return state;
        }

        return null;
    }

    /// <summary>Takes the records up to <paramref name="to"/> (inclusive) into the states.</summary>
    private void Follow(OffsetLog log, Offset to)
    {
        MessageReader reader = new(identity);
        while (Head < to)
        {
            Head = log.Next(Head);
            if (!reader.TryStored(Head, out JsValue message)) continue;
            if (message["value"]["author"] is not { IsString: true } author) continue;
            if (!_byFeed.TryGetValue(author.AsString, out FeedState? known) || StateAt(message) is not { } state) continue;
            if (known is null || state.Sequence >= known.Sequence) _byFeed[author.AsString] = state;
        }
    }

    /// <summary>The state of a feed behind a stored message; null when the record is no valid message.</summary>
    internal static FeedState? StateAt(JsValue message)
    {
        JsValue value = message["value"], sequence = value["sequence"];
        if (!sequence.IsNumber || message["key"] is not { IsString: true } key) return null;
        double timestamp = value["timestamp"] is { IsNumber: true } claimed ? claimed.AsNumber : 0;
        return new FeedState(key.AsString, (long)sequence.AsNumber, timestamp);
    }
}
