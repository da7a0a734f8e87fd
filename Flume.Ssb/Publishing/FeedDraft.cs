using Flume.Query.Json;
using Flume.Ssb.Api;
using Flume.Ssb.Messages;

namespace Flume.Ssb.Publishing;

/// <summary>A batch of messages before their append, and the feed states after it.</summary>
internal sealed class FeedDraft(IIdentity identity, FeedStates known, MonotonicClock published, MonotonicClock received)
{
    private readonly Dictionary<string, FeedState> _states = new(StringComparer.Ordinal);
    private readonly List<ReadOnlyMemory<byte>> _payloads = [];

    /// <summary>The records, in order.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Payloads => _payloads;

    /// <summary>The states of the batch's feeds after the batch.</summary>
    public IReadOnlyDictionary<string, FeedState> States => _states;

    /// <summary>Starts the messages of one call.</summary>
    public Part Begin() => new(this);

    /// <summary>The messages of one call. All of them join the batch, or none.</summary>
    internal sealed class Part(FeedDraft draft) : IDisposable
    {
        private readonly Dictionary<string, FeedState> _own = new(StringComparer.Ordinal);
        private readonly int _payloadsBefore = draft._payloads.Count;
        private bool _isKept;

        /// <summary>The identity of the log.</summary>
        public IIdentity Identity => draft.Identity;

        /// <summary>The claimed time of the next signed message.</summary>
        public double Now() => draft.Published.Next();

        /// <summary>The state of a feed after the messages so far; null if the feed has none.</summary>
        public FeedState? StateOf(string feed) =>
            _own.TryGetValue(feed, out FeedState? state) || draft._states.TryGetValue(feed, out state)
                ? state
                : draft.Known.Of(feed);

        /// <summary>Adds a valid message. Returns it as stored.</summary>
        public JsValue Add(JsValue message)
        {
            string id = new CanonicalMessage(message).Id;
            JsValue stored = JsValue.From(StoredRecord.Of(id, message, draft.Received.Next()));
            draft._payloads.Add(JsWriter.ToUtf8(stored));
            _own[message["author"].AsString] = new FeedState(
                id, (long)message["sequence"].AsNumber, message["timestamp"].AsNumber);
            return stored;
        }

        /// <summary>Adds a verified message. False if it does not follow its feed any more.</summary>
        public bool TryAdd(VerifiedMessage message)
        {
            if (StateOf(message.Author)?.Id != message.Follows?.Id) return false;
            draft._payloads.Add(StoredRecord.Encode(message.State.Id, message.Value, draft.Received.Next()));
            _own[message.Author] = message.State;
            return true;
        }

        /// <summary>Adds the messages to the batch.</summary>
        public void Keep()
        {
            _isKept = true;
            foreach ((string feed, FeedState state) in _own) draft._states[feed] = state;
        }

        /// <inheritdoc/>
        public void Dispose()
        {
            if (!_isKept) draft._payloads.RemoveRange(_payloadsBefore, draft._payloads.Count - _payloadsBefore);
        }
    }

    private IIdentity Identity => identity;

    private FeedStates Known => known;

    private MonotonicClock Published => published;

    private MonotonicClock Received => received;
}
