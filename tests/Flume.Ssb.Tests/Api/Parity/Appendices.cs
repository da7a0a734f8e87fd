using Flume.Query.Json;

namespace Flume.Ssb.Tests.Api.Parity;

/// <summary>
/// Records to append while streams are read: copies of the log's records with later times and new keys.
/// </summary>
internal sealed class Appendices(IReadOnlyList<JsValue> messages, Random random)
{
    private readonly Dictionary<string, double> _sequences = messages
        .GroupBy(message => message["value"]["author"].AsString)
        .ToDictionary(feed => feed.Key, feed => feed.Max(message => message["value"]["sequence"].AsNumber));

    private readonly HashSet<string> _private = [.. messages.Select(message => message["value"])
        .Where(value => value["private"].IsTruthy && value["content"]["contact"].IsString).Select(Edge)];

    private double _received = messages.Max(message => message["timestamp"].AsNumber) + 1e9;

    /// <summary>A few groups of a few records. Each group is one append.</summary>
    public JsValue Groups()
    {
        JsArray groups = new();
        for (int i = 1 + random.Next(3); i > 0; i--)
        {
            JsArray group = new();
            for (int j = 1 + random.Next(5); j > 0; j--) group.Add(Record());
            groups.Add(JsValue.From(group));
        }
        return JsValue.From(groups);
    }

    /// <summary>The preferred types of most records; empty for none.</summary>
    public string[] Types { get; init; } = [];

    private JsValue Model()
    {
        for (int tries = 0; tries < 100; tries++)
        {
            JsValue value = messages[random.Next(messages.Count)]["value"], type = value["content"]["type"];
            // For a public message after a private one, Flume counts it at once, but JavaScript after a restart (C8).
            if (_private.Contains(Edge(value))) continue;
            if (Types.Length == 0 || random.Next(5) == 0 || (type.IsString && Types.Contains(type.AsString))) return value;
        }
        return messages[0]["value"];
    }

    private static string Edge(JsValue value) => value["author"].ToString() + value["content"]["contact"];

    private JsValue Record()
    {
        JsValue model = Model();
        string author = model["author"].AsString;
        _received += 1 + random.Next(1000);
        byte[] id = new byte[32];
        random.NextBytes(id);
        JsObject value = new JsObject().Set("previous", JsValue.Null).Set("sequence", JsValue.From(++_sequences[author]))
            .Set("author", model["author"]).Set("timestamp", JsValue.From(_received - random.Next(100_000)))
            .Set("hash", JsValue.From("sha256"))
            .Set("content", model["cyphertext"].IsString ? model["cyphertext"] : model["content"])
            .Set("signature", model["signature"]);
        return JsValue.From(new JsObject().Set("key", JsValue.From("%" + Convert.ToBase64String(id) + ".sha256"))
            .Set("value", JsValue.From(value)).Set("timestamp", JsValue.From(_received)));
    }
}
