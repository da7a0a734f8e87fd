using System.Text.Json;
using Flume.Ssb.Messages;

namespace Flume.Torture.Replication;

/// <summary>The files of one side, read without the code under test.</summary>
internal sealed class SyncLog(Attempt attempt, string data)
{
    private FeedKeys? _keys;

    public string Data => data;

    /// <summary>The identity's folder.</summary>
    public string Folder { get; } = Path.Combine(data, "identities", "me");

    public string Id => Keys.Id;

    /// <summary>The public key in base64.</summary>
    public string PublicKey => Convert.ToBase64String(Keys.PublicKey.Span);

    private FeedKeys Keys => _keys ??= SecretFile.Read(Path.Combine(Folder, "secret"));

    /// <summary>The newest sequence of each feed. Gaps, duplicates and wrong links are violations.</summary>
    public Dictionary<string, long> Feeds()
    {
        Dictionary<string, (long Sequence, string Key)> heads = new(StringComparer.Ordinal);
        foreach ((long offset, byte[] payload) in RawLog.Read(Path.Combine(Folder, "log.offset")).Records)
        {
            using JsonDocument record = JsonDocument.Parse(payload);
            JsonElement value = record.RootElement.GetProperty("value");
            string author = value.GetProperty("author").GetString()!;
            string key = record.RootElement.GetProperty("key").GetString()!;
            (long last, string lastKey) = heads.GetValueOrDefault(author);
            long sequence = value.GetProperty("sequence").GetInt64();
            string? previous = value.GetProperty("previous").GetString();
            string at = $"{author} {sequence} behind {last}, at {offset} of {data}";
            if (sequence <= last) attempt.Violate("a message is stored twice", at);
            else if (sequence > last + 1) attempt.Violate("a feed has a gap", at);
            else if (previous != (last == 0 ? null : lastKey)) attempt.Violate("a feed is forked", at);
            heads[author] = (sequence, key);
        }

        return heads.ToDictionary(one => one.Key, one => one.Value.Sequence, StringComparer.Ordinal);
    }

    /// <summary>The clock that this side stored of a peer; empty for none.</summary>
    public Dictionary<string, long> ClockOf(string peer)
    {
        string name = peer.Replace("=", "", StringComparison.Ordinal).Replace('+', '-').Replace('/', '_');
        string path = Path.Combine(Folder, "ebt", name);
        return File.Exists(path) ? JsonSerializer.Deserialize<Dictionary<string, long>>(File.ReadAllBytes(path))! : [];
    }
}
