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

/// <summary>
/// The states of feeds in the log at one head. The next message of each feed must follow its state.
/// </summary>
/// <remarks>
/// 1. A state belongs to the message with the highest sequence. A duplicate record does not move a feed back.
/// 2. A feed is read once from a snapshot of the feeds view. Later records update it.
/// 3. A deleted record can change any state, so all states are then read again.
/// Not thread-safe.
/// </remarks>
internal sealed class FeedStates(IIdentity identity)
{
    private const string View = "feeds";
    private const int FeedsMax = 20_000;

    /// <summary>The maximum bytes of log to read record by record. For more, the view is read.</summary>
    private const long FollowBytesMax = 8 << 20;

    private readonly Dictionary<string, FeedState?> _byFeed = new(StringComparer.Ordinal);
    private long _deletions;

    /// <summary>The head of the states.</summary>
    public Offset Head { get; private set; } = Offset.None;

    /// <summary>The known state of a feed; null if the feed has no message.</summary>
    public FeedState? Of(string feed) => _byFeed.GetValueOrDefault(feed);

    /// <summary>Discards all states, because the log may contain other records.</summary>
    public void Forget()
    {
        _byFeed.Clear();
        Head = Offset.None;
    }

    /// <summary>Updates the states to the log's head, and reads the unknown feeds.</summary>
    /// <exception cref="ReadRejectedException">The feeds view cannot reach the head.</exception>
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

    /// <summary>Accepts the states of an appended batch. Its last record is at <paramref name="last"/>.</summary>
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

    /// <summary>Updates the states with the records up to <paramref name="to"/> (inclusive).</summary>
    private void Follow(OffsetLog log, Offset to)
    {
        MessageReader reader = new(identity);
        while (Head < to)
        {
            Head = log.Next(Head);
            if (!reader.TryStored(Head, out JsValue message)) continue;
            if (message["value"]["author"] is not { IsString: true } author) continue;
            if (!_byFeed.TryGetValue(author.AsString, out FeedState? known)) continue;
            if (StateAt(message) is not { } state) continue;
            if (known is null || state.Sequence >= known.Sequence) _byFeed[author.AsString] = state;
        }
    }

    /// <summary>The state of a feed after a stored message; null if the record is not a valid message.</summary>
    internal static FeedState? StateAt(JsValue message)
    {
        JsValue value = message["value"], sequence = value["sequence"];
        if (!sequence.IsNumber || message["key"] is not { IsString: true } key) return null;
        double timestamp = value["timestamp"] is { IsNumber: true } claimed ? claimed.AsNumber : 0;
        return new FeedState(key.AsString, (long)sequence.AsNumber, timestamp);
    }
}
