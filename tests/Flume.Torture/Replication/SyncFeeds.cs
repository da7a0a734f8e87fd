using Flume.Log;
using Flume.Query.Json;
using Flume.Ssb.Messages;

namespace Flume.Torture.Replication;

/// <summary>Writes the logs before the first start: an owner who follows authors, and its follower.</summary>
internal static class SyncFeeds
{
    private const int Authors = 20, PostsMax = 400;

    /// <summary>Writes the sender's folder. Returns the owner's id.</summary>
    public static string Write(string folder, Random random)
    {
        FeedKeys owner = FeedKeys.Generate();
        FeedKeys[] authors = [.. Enumerable.Range(0, Authors).Select(static _ => FeedKeys.Generate())];
        Dictionary<FeedKeys, FeedState?> states = new() { [owner] = null };
        foreach (FeedKeys author in authors) states[author] = null;
        List<ReadOnlyMemory<byte>> records = [];
        foreach (FeedKeys author in authors) records.Add(Next(states, owner, Contact(author.Id)));
        int posts = random.Next(50, PostsMax);
        for (int i = 0; i < posts; i++)
        {
            foreach (FeedKeys author in authors) records.Add(Next(states, author, Post(i)));
        }

        Put(folder, owner, records);
        return owner.Id;
    }

    /// <summary>Writes the receiver's folder: its one message follows the owner.</summary>
    public static void WriteFollower(string folder, string owner)
    {
        FeedKeys keys = FeedKeys.Generate();
        Dictionary<FeedKeys, FeedState?> states = new() { [keys] = null };
        Put(folder, keys, [Next(states, keys, Contact(owner))]);
    }

    private static JsObject Contact(string id) => new JsObject().Set("type", JsValue.From("contact"))
        .Set("contact", JsValue.From(id)).Set("following", JsValue.True);

    private static JsObject Post(int number) => new JsObject().Set("type", JsValue.From("post"))
        .Set("text", JsValue.From($"message {number} of the log that two servers replicate while they are killed"));

    private static ReadOnlyMemory<byte> Next(Dictionary<FeedKeys, FeedState?> states, FeedKeys keys, JsObject content)
    {
        double time = 1_650_000_000_000 + (states[keys]?.Sequence ?? 0);
        bool isValid = new MessageAuthor(keys).TryWrite(
            states[keys], JsValue.From(content), time, out JsObject message, out InvalidMessage? wrong);
        if (!isValid) throw new InvalidOperationException(wrong!.Reason);
        string id = new CanonicalMessage(JsValue.From(message)).Id;
        states[keys] = new FeedState(id, (long)message["sequence"].AsNumber, time);
        return StoredRecord.Encode(id, JsValue.From(message), time);
    }

    private static void Put(string folder, FeedKeys keys, List<ReadOnlyMemory<byte>> records)
    {
        Directory.CreateDirectory(folder);
        SecretFile.TryCreate(Path.Combine(folder, "secret"), keys);
        using OffsetLog log = OffsetLog.Open(Path.Combine(folder, "log.offset"));
        log.Append(records.ToArray(), Durability.Fsync);
    }
}
