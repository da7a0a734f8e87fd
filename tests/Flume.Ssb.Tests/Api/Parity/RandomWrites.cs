using Flume.Query.Json;
using Flume.Ssb.Messages;

namespace Flume.Ssb.Tests.Api.Parity;

/// <summary>Random writes: contents to publish, and valid and invalid signed messages of another author.</summary>
internal sealed class RandomWrites(Vocabulary words, FeedKeys self, FeedKeys stranger)
{
    private readonly List<JsValue> _made = [];
    private FeedState? _state;
    private double _time = 1_500_000_000_000;

    /// <summary>A request: <c>{method, args}</c>, or <c>{sink, items}</c>.</summary>
    public JsObject Next() => words.Next(10) switch
    {
        < 5 => RandomStreams.Call("publish", Content()),
        < 8 => RandomStreams.Call("add", Message()),
        8 => new JsObject().Set("sink", JsValue.From("createWriteStream")).Set("items", JsValue.From(new JsArray([Message(), Message(), Message()]))),
        _ => RandomStreams.Call("publish", words.Json(words.Pick("5", "[]", "true", "\"x\"", "\"AAAA.box\"", "{}", "{\"type\":5}", "null"))),
    };

    /// <summary>A private.publish for this identity, another, both, or invalid recipients.</summary>
    public JsObject Private()
    {
        JsValue content = words.OneIn(6) ? words.Json(words.Pick("5", "[]", "{}", "null", "true")) : Content();
        JsValue recps = Recipients();
        // Without valid recipients, JavaScript publishes a box that no reader can decrypt.
        return RandomStreams.Call("private.publish", content, recps is { IsArray: true, AsArray.Count: 0 } ? JsValue.Null : recps);
    }

    private JsValue Content()
    {
        JsObject content = new JsObject().Set("type", JsValue.From(words.Pick("post", "vote", "ab", "abc", new string('t', 52), new string('t', 53))));
        content.Set("text", JsValue.From(words.Pick("hello", "é\ud83d\ude00\u2028\"", "\ud800", new string('x', 9000), "")));
        if (words.OneIn(2)) content.Set("n", words.Json(words.Pick("1e21", "-0", "0.1", "123456789012345680000", "[]", "{}", "{\"b\":1,\"1\":2}")));
        if (words.OneIn(3)) content.Set("recps", Recipients());
        return JsValue.From(content);
    }

    private JsValue Recipients()
    {
        string me = JsValue.From(self.Id).ToJson(), other = JsValue.From(stranger.Id).ToJson();
        return words.Json(words.Pick("[]", "5", "\"\"", "null", "[\"x\"]", me, $"[{me}]", $"[{me},{other}]",
            "[" + string.Join(',', Enumerable.Repeat(me, 8)) + "]", $"[{{\"link\":{me}}}]", "{}"));
    }

    /// <summary>The next message of the other author's feed, an older one, or a corrupted one.</summary>
    private JsValue Message()
    {
        if (_made.Count > 0 && words.OneIn(4)) return words.Pick(_made);
        JsValue content = words.Json(words.Pick("{\"type\":\"post\",\"text\":\"x\"}", "{\"type\":\"vote\",\"vote\":{\"link\":\"%x\",\"value\":1}}", "{\"type\":\"abc\",\"1\":[1e-7,-0]}"));
        new MessageAuthor(stranger).TryWrite(_state, content, ++_time, out JsObject message, out _);
        if (words.OneIn(3)) return Spoilt(message);
        JsValue made = JsValue.From(message);
        _state = new FeedState(new CanonicalMessage(made).Id, (long)message["sequence"].AsNumber, _time);
        _made.Add(made);
        return made;
    }

    private JsValue Spoilt(JsObject message)
    {
        JsObject spoilt = message.Copy();
        switch (words.Next(8))
        {
            case 0: return JsValue.From(spoilt.Set("sequence", JsValue.From(spoilt["sequence"].AsNumber + 1)));
            case 1: return JsValue.From(spoilt.Set("content", words.Json("{\"type\":\"post\",\"text\":\"forged\"}")));
            case 2: return JsValue.From(spoilt.Set("signature", JsValue.From("x.sig.ed25519")));
            case 3: return JsValue.From(spoilt.Set("hash", JsValue.From("sha1")));
            case 4: return JsValue.From(spoilt.Set("author", JsValue.From(self.Id)));
            case 5:
                spoilt.Remove("previous");
                return JsValue.From(spoilt.Set("previous", message["previous"]));
            case 6: return JsValue.From(spoilt.Set("extra", JsValue.True));
            default: return JsValue.From(spoilt.Set("previous", words.Key()));
        }
    }
}
