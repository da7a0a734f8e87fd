using System.Text;
using Flume.Query.Json;

namespace Flume.Ssb.Tests.Api.Properties;

/// <summary>
/// Random records with few authors, types and times, so that values often match. Signatures are invalid.
/// </summary>
internal sealed class RandomNetwork(Random random)
{
    private static readonly string[] Types = ["post", "vote", "about", "contact", "a b", "a", "a!", "é", "\ud83d\ude00x", "post "];
    private static readonly string[] Names = ["ann", "ann b", "ann!", "Bob", "\uffee", "\ud83d\ude00"];
    private readonly List<string> _keys = [Id('%', 999, "sha256")];
    private int _sequence;

    /// <summary>The authors there are.</summary>
    public static IReadOnlyList<string> Authors { get; } = [.. Enumerable.Range(0, 4).Select(i => Id('@', i, "ed25519"))];

    /// <summary>The existing keys, and one unknown key.</summary>
    public IReadOnlyList<string> Keys => _keys;

    /// <summary>The next record.</summary>
    public JsObject Next()
    {
        string key = Id('%', _sequence, "sha256");
        JsObject value = new JsObject().Set("previous", JsValue.Null).Set("sequence", JsValue.From(1 + (_sequence++ / 3)));
        if (!OneIn(40)) value.Set("author", JsValue.From(Pick(Authors)));
        if (!OneIn(15)) value.Set("timestamp", Time());
        value.Set("content", OneIn(20) ? JsValue.From("AAAA.box") : Content());
        JsObject record = new JsObject().Set("key", JsValue.From(key)).Set("value", JsValue.From(value));
        if (!OneIn(40)) record.Set("timestamp", OneIn(12) ? Time() : JsValue.From(1000 + random.Next(60)));
        _keys.Add(key);
        return record;
    }

    public JsValue Type() => JsValue.From(Pick(Types));

    public JsValue Name() => JsValue.From(Pick(Names));

    public JsValue Link() => JsValue.From(random.Next(4) switch
    {
        0 => Pick(Authors),
        1 => "#" + Pick("chan", "other"),
        _ => Pick(_keys),
    });

    /// <summary>A time: mostly a number from a small range.</summary>
    public JsValue Time() => random.Next(12) switch
    {
        0 => JsValue.From("1003"),
        1 => JsValue.From(Pick("", "10 3", "x", "1003!")),
        2 => JsValue.From(0),
        3 => JsValue.From(-1.5),
        4 => JsValue.Parse(Pick("null", "true", "[1]", "[]", "{}", "1e300")),
        _ => JsValue.From(990 + random.Next(80)),
    };

    public bool OneIn(int n) => random.Next(n) == 0;

    public int Below(int n) => random.Next(n);

    public T Pick<T>(params IReadOnlyList<T> from) => from[random.Next(from.Count)];

    private JsValue Content()
    {
        JsObject content = new();
        if (!OneIn(20)) content.Set("type", OneIn(25) ? Time() : Type());
        if (OneIn(3)) content.Set("root", OneIn(9) ? Time() : Link());
        if (OneIn(4)) content.Set("channel", OneIn(8) ? Time() : JsValue.From(Pick("chan", "Chan", "a b", "")));
        if (OneIn(3)) content.Set("text", JsValue.From(Pick("hello", "", "hello there", "1")));
        if (OneIn(3)) content.Set("mentions", Mentions());
        if (OneIn(5)) content.Set("vote", JsValue.From(new JsObject().Set("link", Link()).Set("value", Time())));
        if (OneIn(5)) content.Set("contact", Link()).Set("following", JsValue.From(OneIn(2)));
        if (OneIn(6)) content.Set("about", Link()).Set("name", Name());
        return JsValue.From(content);
    }

    private JsValue Mentions()
    {
        JsArray mentions = new();
        for (int i = random.Next(4); i > 0; i--)
        {
            JsObject mention = new JsObject().Set("link", Link());
            if (OneIn(2)) mention.Set("name", OneIn(9) ? Time() : Name());
            mentions.Add(OneIn(8) ? JsValue.Null : OneIn(4) ? Link() : JsValue.From(mention));
        }
        return OneIn(10) ? JsValue.From(new JsObject().Set("0", Link())) : JsValue.From(mentions);
    }

    private static string Id(char sigil, int number, string kind)
    {
        byte[] bytes = new byte[32];
        Encoding.ASCII.GetBytes($"{sigil}{number}").CopyTo(bytes, 0);
        return $"{sigil}{Convert.ToBase64String(bytes)}.{kind}";
    }
}
