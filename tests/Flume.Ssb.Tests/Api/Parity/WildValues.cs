using Flume.Query.Json;

namespace Flume.Ssb.Tests.Api.Parity;

/// <summary>Random valid but unusual JSON as text, which preserves spellings and duplicate keys.</summary>
/// <param name="links">Ids that occur in the log.</param>
/// <param name="random">The random source.</param>
internal sealed class WildValues(IReadOnlyList<string> links, Random random)
{
    private const string Base64 = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

    /// <summary>
    /// Names with a meaning for JavaScript, a view or an index. For <c>__proto__</c> see docs/compatibility.md.
    /// </summary>
    private static readonly string[] Names =
    [
        "a", "b", "1", "0", "01", "-1", "4294967295", "", " ", "constructor", "hasOwnProperty",
        "length", "link", "name", "value", "type", "meta", "private", "sync", "key", "timestamp", "content", "rts", "dest",
        "source", "rel", "size", "$filter", "$gt", "following", "text", "\\u2028", "e\\u0301", "\\u00e9", "mentions", "remove",
    ];

    private static readonly string[] Numbers =
    [
        "0", "-0", "1", "-1", "1.0", "1.5", "1e21", "1E3", "5e-324", "12345678901234567890", "0.1", "1e-7", "1.7976931348623157e308",
        "9007199254740993", "-1e-400", "1600000000000", "1600000000000.001", "2", "10", "100e-2",
    ];

    private static readonly string[] Words =
    [
        "", "a", "A", "1", "01", "10", "9", "true", "null", "__proto__", "constructor", "toString", "\\u00e9", "e\\u0301", "\\ufffd", "\\u2028", "\\u007f", "~", "!", "\\\"", "?", "/", "\\/", "#tag", "#Tag",
        "#a#b", "#", "##", "#\\u00c4hm", "#abcdefghijklmnopqrstuvwxyz0123", "#a.b,c!", "post", "Post", "vote", "about", "contact",
        "2020-01-01T00:00:00Z", "[object-Object]", "undefined", "NaN", "1e3", "0x10", "5",
        "@", "%", "&", "@x", "%x", "feed", "\\u0130stanbul-\\u1e9e-\\u01c5",
        $"%{Base64}.sha512", $"@{Base64}.blake2s", $"@{Base64}.sha256", $"%{Base64}.cloaked", $"&{Base64}.sha256?unbox=AAAA",
        $"@{Base64}xed25519", $"%{Base64}.sha256/", $"ssb:message/sha256/{Base64}", "%AAAA.sha256",
        $"{Base64}.box", "AAAA.box", "AAAA.box2", ".box", "x.box",
    ];

    /// <summary>
    /// Texts with spaces, lone surrogates and characters above U+FFFF. They are only for unindexed fields, because
    /// JavaScript changes them in its keys (docs/compatibility.md, I4 and I14).
    /// </summary>
    private static readonly string[] Phrases =
    [
        "a b", " a ", "\\u0000", "\\ud83d", "\\ude00", "\\ud83d\\ude00", "x\\uffffy", "\\u0130stanbul \\u1e9e \\u01c5", "na\\u00efve caf\\u00e9 caf\\u00e9s",
        "under_score d\\u2019accord", "the quick brown fox", "The QUICK brown Fox jumps", "\\ud83d\\ude00emoji\\ud83d\\ude00", "one\\u00a0two\\u2003three",
    ];

    /// <summary>One of several texts.</summary>
    public string Pick(params IReadOnlyList<string> from) => from[random.Next(from.Count)];

    public bool OneIn(int n) => random.Next(n) == 0;

    public string Number() => OneIn(3) ? random.Next(-50, 1000).ToString(System.Globalization.CultureInfo.InvariantCulture) : Pick(Numbers);

    public string Text() => OneIn(60) ? "\"" + new string('x', 20_000) + "\"" : "\"" + Pick(Words) + "\"";

    public string Phrase() => "\"" + Pick(Phrases) + "\"";

    public string Link() => JsValue.From(Pick(links)).ToJson();

    public string Scalar() => random.Next(8) switch
    {
        0 => "null",
        1 => "true",
        2 => "false",
        3 or 4 => Number(),
        5 => Link(),
        _ => Text(),
    };

    /// <summary>A random nested value.</summary>
    public string Value(int depth = 3) => depth == 0 || OneIn(2) ? Scalar() : OneIn(2) ? Array(depth) : Object(depth);

    /// <summary>An array. Null in a content's own array stops JavaScript's views.</summary>
    public string Array(int depth) => "[" + string.Join(',', Some(() => Value(depth - 1) is var value && value != "null" ? value : "0")) + "]";

    /// <summary>A scalar or an array of scalars.</summary>
    public string Scalars() => OneIn(2) ? Phrase() : OneIn(2) ? Scalar() : Array(1);

    /// <summary>An object. Types and names are never objects, because those stop JavaScript's views.</summary>
    public string Object(int depth) =>
        "{" + string.Join(',', Some(() => AnyMember(depth - 1)).DistinctBy(member => member[..member.IndexOf(':')])) + "}";

    /// <summary>A member of an object.</summary>
    public string AnyMember(int depth)
    {
        string name = Pick(Names);
        return "\"" + name + "\":" + (name is "type" ? Scalar() : name is "name" ? Text() : name is "text" ? Scalars() : Value(depth));
    }

    /// <summary>A member with a text as name and a JSON value.</summary>
    public string Member(string name, string value) => JsValue.From(name).ToJson() + ":" + value;

    /// <summary>A deeply nested value.</summary>
    public string Deep()
    {
        int depth = 1 + random.Next(60);
        return string.Concat(Enumerable.Repeat("{\"a\":[", depth)) + Scalar() + string.Concat(Enumerable.Repeat("]}", depth));
    }

    private IEnumerable<string> Some(Func<string> make) => Enumerable.Range(0, random.Next(4)).Select(_ => make());
}
