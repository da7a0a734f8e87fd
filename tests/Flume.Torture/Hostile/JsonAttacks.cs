using System.Text;

namespace Flume.Torture.Hostile;

/// <summary>
/// Odd bodies, calls with random arguments, queries that cost much, and messages that must not be accepted.
/// </summary>
internal sealed class JsonAttacks(Attempt attempt, FlumeServer server)
{
    /// <summary>Methods that are called with random arguments; none whose stream has no end.</summary>
    public static readonly string[] Methods =
    [
        "publish", "add", "get", "del", "getMsg", "createLogStream", "createFeedStream", "createHistoryStream",
        "createUserStream",
        "messagesByType", "links", "backlinks.read", "query.read", "query.explain", "about.socialValue", "about.read",
        "search.query",
        "friends.isFollowing", "friends.hops", "friends.get", "latest", "latestSequence", "getLatest",
        "getVectorClock", "status",
        "progress", "whoami", "blobs.ls", "blobs.has", "blobs.get", "blobs.size", "private.read", "private.publish",
        "private.unbox",
        "tangle.branch", "links2.read", "flume.confirmRestore", "manifest", "help", "version", "sql.query",
    ];

    private readonly RawHttp _raw = new(attempt, server);
    private readonly Random _random = attempt.Random;
    private readonly RandomJson _json = new(attempt.Random);

    public Task BodiesAsync()
    {
        byte[] odd = _json.Odd();
        return _random.Next(3) switch
        {
            0 => _raw.SendAsync(RawHttp.Request("POST", "/v1/me/log?durability=os", odd)),
            1 => _raw.SendAsync(RawHttp.Request("POST", "/v1/me/rpc", odd)),
            _ => _raw.SendAsync(RawHttp.Request("POST", "/v1/me/rpc",
                [.. "{\"name\":[\"publish\"],\"args\":[{\"type\":\"post\",\"text\":"u8, .. odd, .. "}]}"u8])),
        };
    }

    public Task CallsAsync()
    {
        string method = Methods[_random.Next(Methods.Length)].Replace(".", "\",\"", StringComparison.Ordinal);
        string args = string.Join(',', Enumerable.Range(0, _random.Next(3)).Select(_ => _json.Value()));
        // A live stream has no end: such a call would be a hang of this harness.
        args = args.Replace("\"live\":true", "\"live\":false", StringComparison.Ordinal);
        args = args.Replace("\"live\"", "\"alive\"", StringComparison.Ordinal);
        return CallAsync($"{{\"name\":[\"{method}\"],\"args\":[{args}]}}");
    }

    public Task QueriesAsync() =>
        CallAsync($"{{\"name\":[\"query\",\"{(_random.Next(3) == 0 ? "explain" : "read")}\"],"
            + $"\"args\":[{{\"query\":{Query()},\"limit\":{_random.Next(-1, 100)}}}]}}");

    /// <summary>A message with one thing wrong: it must not be stored.</summary>
    public async Task MessagesAsync()
    {
        string message = MutatedMessage.Make(_random);
        string answer = await _raw.SendAsync(RawHttp.Request(
            "POST", "/v1/me/rpc", Encoding.UTF8.GetBytes($"{{\"name\":[\"add\"],\"args\":[{message}]}}")));
        if (answer.StartsWith("HTTP/1.1 200", StringComparison.Ordinal))
            attempt.Violate("an invalid message is accepted", message);
    }

    private Task<string> CallAsync(string call) =>
        _raw.SendAsync(RawHttp.Request("POST", "/v1/me/rpc", Encoding.UTF8.GetBytes(call)));

    private string Query() => _random.Next(12) switch
    {
        0 => "[{\"$filter\":{\"value\":{\"content\":{\"text\":{\"$is\":\"(a+)+$\"}}}}}]",
        1 => $"[{{\"$filter\":{{\"value\":{{\"author\":{{\"$in\":[{Numbers(20_000)}]}}}}}}}}]",
        2 => "[{\"$reduce\":{\"k\":[\"key\"],\"n\":{\"$count\":true}}}]",
        3 => "[{\"$reduce\":{\"a\":[\"value\",\"author\"],\"all\":{\"$collect\":[\"value\"]}}}]",
        4 => $"[{{\"$map\":{new string('[', 60)}\"x\"{new string(']', 60)}}}]",
        5 => $"[{{\"$filter\":{string.Concat(Enumerable.Repeat("{\"b\":", 2000))}1{new string('}', 2000)}}}]",
        6 => $"[{{\"$filter\":{{{ManyFields(3000)}}}}}]",
        7 => "[{\"$sort\":[[\"value\",\"timestamp\"]]}]",
        8 => $"[{string.Join(',', Enumerable.Repeat("{\"$map\":true}", 2000))}]",
        9 => $"[{{\"$filter\":{_json.Value()}}},{{\"$map\":{_json.Value()}}},{{\"$reduce\":{_json.Value()}}}]",
        10 => $"[{{\"$filter\":{{\"value\":{{\"author\":{{\"$prefix\":\"{new string('a', 300_000)}\"}}}}}}}}]",
        _ => _json.Value(),
    };

    private static string Numbers(int count) => string.Join(',', Enumerable.Range(0, count));

    private static string ManyFields(int count) =>
        string.Join(',', Enumerable.Range(0, count).Select(i => $"\"k{i}\":{{\"$gt\":{i}}}"));
}
