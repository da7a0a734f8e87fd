using System.Security.Cryptography;
using System.Text;
using Flume.Log;
using Flume.Query.Json;
using Flume.Ssb.Messages;

namespace Flume.Benchmarks;

/// <summary>
/// Writes the log of an owner who follows all authors, and their posts in turn: what a new peer downloads.
/// </summary>
/// <remarks>Keys, times and texts are the same in every run.</remarks>
internal sealed class SyncData
{
    private const int BatchMessages = 1000;
    private const double FirstTime = 1_650_000_000_000;
    private static readonly string[] Words =
        "log view offset frame head since actor peer pub feed blob note clock vote thread shard".Split(' ');

    private readonly Dictionary<string, FeedState> _states = [];
    private readonly List<ReadOnlyMemory<byte>> _batch = [];
    private readonly Random _random = new(12345);
    private double _time = FirstTime;

    /// <summary>Writes FOLDER/secret and FOLDER/flume/log.offset with about that many messages.</summary>
    public void Write(string folder, int messages)
    {
        Directory.CreateDirectory(Path.Combine(folder, "flume"));
        int authors = messages <= 20_000 ? 50 : 200;
        FeedKeys owner = Keys("owner");
        FeedKeys[] all = [.. Enumerable.Range(0, authors).Select(i => Keys($"author {i}"))];
        using OffsetLog log = OffsetLog.Open(Path.Combine(folder, "flume", "log.offset"));
        foreach (FeedKeys author in all) Add(log, owner, Contact(author.Id));
        for (int i = 0; i < (messages - authors) / authors; i++)
        {
            foreach (FeedKeys author in all) Add(log, author, Post());
        }

        Flush(log);
        SecretFile.TryCreate(Path.Combine(folder, "secret"), owner);
    }

    private static FeedKeys Keys(string name) =>
        FeedKeys.FromSeed(SHA256.HashData(Encoding.UTF8.GetBytes($"sync {name}")));

    private static JsObject Contact(string id) => new JsObject().Set("type", JsValue.From("contact"))
        .Set("contact", JsValue.From(id)).Set("following", JsValue.True);

    private JsObject Post()
    {
        IEnumerable<string> words =
            Enumerable.Range(0, 10 + _random.Next(90)).Select(_ => Words[_random.Next(Words.Length)]);
        return new JsObject().Set("type", JsValue.From("post")).Set("text", JsValue.From(string.Join(' ', words)));
    }

    private void Add(OffsetLog log, FeedKeys author, JsObject content)
    {
        FeedState? state = _states.GetValueOrDefault(author.Id);
        bool isValid = new MessageAuthor(author).TryWrite(
            state, JsValue.From(content), _time += 7, out JsObject message, out InvalidMessage? wrong);
        if (!isValid) throw new InvalidOperationException(wrong!.Reason);
        string id = new CanonicalMessage(JsValue.From(message)).Id;
        _states[author.Id] = new FeedState(id, (long)message["sequence"].AsNumber, _time);
        _batch.Add(StoredRecord.Encode(id, JsValue.From(message), _time + 1));
        if (_batch.Count >= BatchMessages) Flush(log);
    }

    private void Flush(OffsetLog log)
    {
        if (_batch.Count > 0) log.Append(_batch.ToArray(), Durability.Os);
        _batch.Clear();
    }
}
