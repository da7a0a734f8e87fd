using Flume.Codec.Json;

namespace Flume.Tests.Api.Parity;

/// <summary>
/// Records to append while streams are read: those of the log again, later and under keys of their own.
/// </summary>
internal sealed class Appendices(IReadOnlyList<JsValue> messages, Random random)
{
    private readonly Dictionary<string, double> _sequences = messages
        .GroupBy(message => message["value"]["author"].AsString)
        .ToDictionary(feed => feed.Key, feed => feed.Max(message => message["value"]["sequence"].AsNumber));

    private double _received = messages.Max(message => message["timestamp"].AsNumber) + 1e9;

    /// <summary>A few groups of a few records, each group one append.</summary>
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

    private JsValue Record()
    {
        JsValue model = messages[random.Next(messages.Count)]["value"];
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
