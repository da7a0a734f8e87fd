using System.Globalization;
using System.Text;
using Flume.Query.Json;
using Flume.Ssb.Messages;

namespace Flume.Ssb.Tests.Api.Parity;

/// <summary>
/// Records with unusual contents and frames, to mix with generated ones. They are invalid messages, because views do
/// not validate. They omit values that stop JavaScript's views, and equal index keys (docs/compatibility.md, C1 and
/// C2).
/// </summary>
internal sealed class WildMessages
{
    private const string Hash = "sha256";
    private readonly IReadOnlyList<JsValue> _messages;
    private readonly Random _random;
    private readonly WildValues _values;
    private readonly FeedKeys _self, _other;
    private readonly string[] _feeds, _keys;
    private readonly Dictionary<string, double> _sequences;
    private readonly HashSet<string> _claimed = [];
    private double _received, _time;

    /// <param name="messages">The existing messages of the log.</param>
    /// <param name="self">The identity whose boxes can be decrypted.</param>
    /// <param name="other">Another author and reader of boxes.</param>
    /// <param name="random">The random source.</param>
    public WildMessages(IReadOnlyList<JsValue> messages, FeedKeys self, FeedKeys other, Random random)
    {
        (_messages, _self, _other, _random) = (messages, self, other, random);
        _feeds = [.. messages.Select(message => message["value"]["author"].AsString).Distinct().Append(other.Id)];
        _keys = [.. messages.Select(message => message["key"].AsString)];
        string[] blobs = ["&AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=.sha256"];
        _values = new WildValues([.. _feeds, .. _keys.Take(40), .. blobs], random);
        _sequences = messages.GroupBy(message => message["value"]["author"].AsString)
            .ToDictionary(feed => feed.Key, feed => feed.Max(message => message["value"]["sequence"].AsNumber));
        _received = messages.Max(message => message["timestamp"].AsNumber) + 1e6;
        _time = _received - 1e7;
    }

    /// <summary>True if some messages claim a text as time.</summary>
    public bool TextTimes { get; init; }

    /// <summary>The bytes of one record.</summary>
    public byte[] Next()
    {
        string author = _values.Pick(_feeds);
        _sequences[author] = _sequences.GetValueOrDefault(author) + 1 + (_values.OneIn(10) ? _random.Next(5) : 0);
        string content = Content();
        List<string> value =
        [
            "\"previous\":" + (_values.OneIn(6) ? _values.Scalar() : Id()), "\"sequence\":" + Number(_sequences[author]),
            "\"author\":" + JsValue.From(author).ToJson(), "\"timestamp\":" + Claimed(), "\"hash\":\"" + Hash + "\"",
            "\"content\":" + content, "\"signature\":" + (_values.OneIn(9) ? _values.Scalar() : "\"x.sig.ed25519\""),
        ];
        if (_values.OneIn(6)) value.Add(_values.Member(_values.Pick("extra", "1", "rts", "dest", "sync", "0"), _values.Value()));
        if (_values.OneIn(6)) value = [.. value.OrderBy(_ => _random.Next())];
        _received += 1 + _random.Next(1000) + (_values.OneIn(4) ? 0.25 : 0);
        List<string> record = ["\"key\":" + Id(), "\"value\":{" + string.Join(',', value) + "}", "\"timestamp\":" + Number(_received)];
        // JavaScript keeps only these three members of a record that it decrypts.
        if (content[0] != '"' && _values.OneIn(8)) record.Add(_values.Member(_values.Pick("extra", "7", "meta"), _values.Value()));
        if (_values.OneIn(8)) record = [.. record.OrderBy(_ => _random.Next())];
        return Encoding.UTF8.GetBytes("{" + string.Join(',', record) + "}");
    }

    private string Id()
    {
        byte[] id = new byte[32];
        _random.NextBytes(id);
        return JsValue.From("%" + Convert.ToBase64String(id) + ".sha256").ToJson();
    }

    /// <summary>A unique time, because JavaScript keeps one of several messages with equal keys.</summary>
    private string Claimed()
    {
        _time += 1 + _random.Next(20_000) - (_values.OneIn(3) ? 15_000 : 0);
        string time = _random.Next(12) switch
        {
            0 => Number(_received + 1e9 + _random.Next(1000)),
            1 => Number(-_random.Next(1_000_000)),
            2 => Number(_time + 0.125),
            3 when TextTimes => "\"" + Number(_time) + "\"",
            4 => _values.Number(),
            _ => Number(_time),
        };
        return _claimed.Add(JsValue.Parse(time).ToString()!) ? time : Number(_time += 17.5);
    }

    private static string Number(double number) => number.ToString("R", CultureInfo.InvariantCulture);

    private string Content() => _random.Next(14) switch
    {
        0 => Box(),
        1 => "{\"type\":" + Type() + ",\"deep\":" + _values.Deep() + "}",
        2 or 3 => _values.Object(4),
        4 => _values.OneIn(2) ? _values.Number() : _values.Array(3),
        5 or 6 => Fields("vote", ("vote", Vote())),
        7 or 8 => Fields("contact", ("contact", _values.OneIn(6) ? _values.Scalar() : Feed()), ("following", Flag()),
            ("blocking", Flag()), ("flagged", Flag())),
        9 or 10 => Fields("about", ("about", _values.OneIn(5) ? _values.Scalar() : _values.Link()), ("name", _values.Value(2)),
            ("image", Image()), ("description", _values.Value(1)), ("title", _values.Scalar()), ("attendee", Image()),
            ("location", _values.Value(2)), ("startDateTime", _values.Value(2))),
        _ => Fields("post", ("text", _values.OneIn(3) ? _values.Scalars() : _values.Text()), ("root", Root()), ("branch", _values.Value(2)),
            ("mentions", Mentions()), ("channel", _values.OneIn(2) ? _values.Text() : _values.Number()), ("recps", _values.Value(2)),
            ("fork", _values.Link()), ("image", Image())),
    };

    /// <summary>An object of a type with a random selection of these fields, and sometimes an unknown one.</summary>
    private string Fields(string type, params (string Name, string Value)[] fields)
    {
        List<string> members = ["\"type\":" + (_values.OneIn(12) ? Type() : "\"" + type + "\"")];
        foreach ((string name, string value) in fields) if (_values.OneIn(2)) members.Add(_values.Member(name, value));
        if (_values.OneIn(5)) members.Add(_values.AnyMember(3));
        if (_values.OneIn(5)) members = [.. members.OrderBy(_ => _random.Next())];
        return "{" + string.Join(',', members.DistinctBy(member => member[..member.IndexOf(':')])) + "}";
    }

    private string Type() => _values.OneIn(3) ? _values.Text() : _values.Pick("5", "true", "null", "[\"post\"]", "\"post\"", "\"ab\"");

    private string Feed() => JsValue.From(_values.Pick(_feeds)).ToJson();

    private string Root() => _values.OneIn(3) ? _values.Scalar() : _values.Link();

    private string Flag() => _values.Pick("true", "true", "false", "\"true\"", "\"\"", "1", "0", "null", "{\"reason\":\"x\"}", "[]");

    private string Vote() => _values.OneIn(4) ? _values.Value(2) : "{\"link\":" + _values.Link() + ",\"value\":"
        + (_values.OneIn(2) ? _values.Number() : _values.Value(2)) + ",\"expression\":" + _values.Text() + "}";

    private string Image() => _values.OneIn(3) ? _values.Value(2) : "{\"link\":" + _values.Link() + ",\"type\":" + _values.Scalar()
        + ",\"size\":" + _values.Scalar() + (_values.OneIn(4) ? ",\"remove\":" + Flag() : "") + "}";

    /// <summary>Mentions without null and with text names.</summary>
    private string Mentions() => _random.Next(6) switch
    {
        0 => _values.Link(),
        1 => "{\"link\":" + _values.Link() + ",\"name\":" + _values.Text() + "}",
        2 => "{\"0\":" + Mention() + ",\"1\":" + Mention() + "}",
        3 => _values.Number(),
        _ => "[" + string.Join(',', Enumerable.Range(0, _random.Next(4)).Select(_ => Mention())) + "]",
    };

    private string Mention() => _random.Next(4) switch
    {
        0 => _values.Link(),
        1 => _values.Text(),
        2 => "{\"link\":" + _values.Text() + "}",
        _ => "{\"link\":" + _values.Link() + ",\"name\":" + _values.Text() + ",\"size\":" + _values.Number() + ",\"type\":" + _values.Text() + "}",
    };

    /// <summary>Invalid data of at least a box's length. Shorter data stops all of JavaScript's views.</summary>
    private string Broken()
    {
        byte[] noise = new byte[60 + _random.Next(100)];
        _random.NextBytes(noise);
        return "\"" + Convert.ToBase64String(noise) + _values.Pick(".box", ".box.box", ".x.box") + "\"";
    }

    /// <summary>
    /// A box for this identity, another or both. The content can be invalid JSON or not an object, and some boxes are
    /// invalid.
    /// </summary>
    private string Box()
    {
        if (_values.OneIn(5)) return _values.Pick("\"AAAA.box2\"", "\"text\"", "\"\"", Broken());
        string plain = _values.OneIn(5) ? _values.Pick("[1]", "5", "true", "null", "0", "{", "") : Fields("post", ("text", _values.Text()),
            ("recps", Feed()), ("mentions", Mentions()), ("root", Root()));
        byte[] self = _self.PublicKey.ToArray(), other = _other.PublicKey.ToArray();
        List<byte[]> readers = _random.Next(4) switch { 0 => [other], 1 => [other, self], 2 => [self], _ => [other, other, other, other, other, other, self] };
        return "\"" + PrivateBox.ToText(PrivateBox.Seal(Encoding.UTF8.GetBytes(plain), readers)) + "\"";
    }
}
