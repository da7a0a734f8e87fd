using System.Runtime.CompilerServices;
using Flume.Log;
using Flume.Log.Primitives;
using Flume.Query.Json;
using Flume.Ssb.Api;
using Flume.Ssb.Messages;
using Flume.Ssb.Publishing;
using Flume.Ssb.Reading;
using Flume.Ssb.Views.Feeds;
using Flume.Ssb.Views.Friends;
using Flume.Views.Store;

namespace Flume.Replication.Feeds;

/// <summary>The log and views of one hosted identity, for replication.</summary>
internal sealed class IdentityFeedStore(IIdentity identity) : IFeedStore
{
    private const int BatchMax = 1024;
    private static readonly TimeSpan ReopenAfter = TimeSpan.FromSeconds(1);

    private readonly RecentOffsets _recent = new();

    /// <inheritdoc/>
    public string Self { get; } = identity.Keys!.Id;

    /// <inheritdoc/>
    public VerifiedMessages Verified { get; init; } = new();

    /// <inheritdoc/>
    public ValueTask<IReadOnlyDictionary<string, FeedState>> StatesAsync(CancellationToken cancel) =>
        identity.Publisher.StatesAsync(cancel);

    /// <inheritdoc/>
    public ValueTask<int> AppendAsync(IReadOnlyList<VerifiedMessage> messages) =>
        identity.Publisher.AppendVerifiedAsync(messages);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<ReadOnlyMemory<byte>>> ReadAsync(
        string feed, long first, long last, CancellationToken cancel)
    {
        MessageReader reader = new(identity);
        List<ReadOnlyMemory<byte>> values = [];
        if (_recent.TryGet(feed, first, last, out Offset[] offsets))
        {
            foreach (Offset offset in offsets)
            {
                long sequence = first + values.Count;
                if (!TryValue(reader, offset, feed, sequence, out ReadOnlyMemory<byte> value)) return values;
                values.Add(value);
            }

            return values;
        }

        using ViewRead read = await identity.ReadAsync("feeds", ReadFreshness.Fresh, cancel).ConfigureAwait(false);
        PostingRange range =
            PostingRange.Exact(Candidates.Print(feed), SortKey.Of(first), SortKey.Of(last));
        using PostingCursor cursor = read.Rows.Read(FeedsView.ByAuthor, range, reverse: false);
        while (cursor.MoveNext())
        {
            Offset offset = new(cursor.Current.Offset);
            if (TryValue(reader, offset, feed, first + values.Count, out ReadOnlyMemory<byte> value)) values.Add(value);
        }

        return values;
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<IReadOnlyList<FeedMessage>> FollowAsync(
        [EnumeratorCancellation] CancellationToken cancel)
    {
        Offset last = identity.Log.Head;
        while (true)
        {
            Offset head = await HeadBeyondAsync(last, cancel).ConfigureAwait(false);
            List<FeedMessage> batch = [];
            for (Offset next = last.IsSome ? identity.Log.Next(last) : Offset.Zero;
                next <= head && batch.Count < BatchMax; next = identity.Log.Next(last))
            {
                last = next;
                if (Decode(next) is { } message) batch.Add(message);
            }

            if (batch.Count > 0) yield return batch;
        }
    }

    /// <inheritdoc/>
    public ValueTask<ReplicateSet> ReplicateSetAsync(int hops, CancellationToken cancel) =>
        FollowGraphCache.ReadAsync(Call(cancel), graph =>
        {
            HashSet<string> feeds = new(StringComparer.Ordinal) { Self };
            foreach ((string feed, double distance) in Hops.From(graph, Self, hops, reverse: false))
            {
                if (distance >= 0 && distance <= hops && Ref.IsFeed(feed)) feeds.Add(feed);
            }

            List<(string, string)> blocks = [];
            foreach ((string from, Dictionary<string, Edge> edges) in graph.Edges)
            {
                foreach ((string to, Edge edge) in edges)
                {
                    if (edge.Weight == -1) blocks.Add((from, to));
                }
            }

            return new ReplicateSet(feeds, blocks);
        });

    /// <inheritdoc/>
    public void ClaimOwn(long sequence) => identity.Publisher.Claims.Claim(sequence);

    /// <summary>
    /// Completes with the head when it is greater than an offset. Opens the identity again if it was closed.
    /// </summary>
    private async ValueTask<Offset> HeadBeyondAsync(Offset last, CancellationToken cancel)
    {
        while (true)
        {
            try
            {
                await identity.WaitForHeadAsync(last, cancel).ConfigureAwait(false);
                return identity.Log.Head;
            }
            catch (Exception error) when (error is ReadRejectedException or IdentityRejectedException)
            {
                await Task.Delay(ReopenAfter, cancel).ConfigureAwait(false);
            }
        }
    }

    private ApiCall Call(CancellationToken cancel) => new(identity, [], cancel);

    private FeedMessage? Decode(Offset offset)
    {
        if (!new MessageReader(identity).TryStored(offset, out JsValue message)) return null;
        JsValue value = message["value"], author = value["author"], sequence = value["sequence"];
        if (!author.IsString || !sequence.IsNumber || !message["key"].IsString) return null;
        long at = (long)sequence.AsNumber;
        string feed = author.AsString;
        _recent.Add(feed, at, offset);
        JsValue content = value["content"];
        bool mayFollow = content.IsString || content["type"].EqualsUtf8("contact"u8);
        double time = value["timestamp"] is { IsNumber: true } timestamp ? timestamp.AsNumber : 0;
        return new FeedMessage(feed, new FeedState(message["key"].AsString, at, time), mayFollow);
    }

    private static bool TryValue(
        MessageReader reader, Offset offset, string feed, long sequence, out ReadOnlyMemory<byte> value)
    {
        value = default;
        if (!reader.TryStored(offset, out JsValue message)) return false;
        JsValue stored = message["value"];
        bool isIt = stored["author"] is { IsString: true } author && author.AsString == feed
            && stored["sequence"] is { IsNumber: true } number && number.AsNumber == sequence;
        if (isIt && !stored.TryGetRaw(out value)) value = JsWriter.ToUtf8(stored);
        return isIt;
    }
}
