using System.Text;
using Flume.Query.Json;
using Flume.Ssb.Messages;
using Flume.TestKit;
using Xunit;

namespace Flume.Ssb.Tests.Messages;

/// <summary>Recognizes ids and hashtags as npm ssb-ref does.</summary>
public class RefTests
{
    private const string Hash = "hz8OTS15CSNzRuxQf3xkkHlkZRzx7AMM9mZypVkgD1Q=";

    private readonly Dice _dice = new();

    [Theory]
    [InlineData("@" + Hash + ".ed25519", RefKind.Feed)]
    [InlineData("@" + Hash + ".sha256", RefKind.Feed)]
    [InlineData("%" + Hash + ".sha256", RefKind.Message)]
    [InlineData("%" + Hash + ".cloaked", RefKind.Cloaked)]
    [InlineData("&" + Hash + ".sha256", RefKind.Blob)]
    [InlineData("&" + Hash + ".ed25519", RefKind.None)]
    [InlineData("%" + Hash + ".sha256 ", RefKind.None)]
    [InlineData("%" + Hash + ".sha256?unbox=x", RefKind.None)]
    [InlineData("", RefKind.None)]
    [InlineData(null, RefKind.None)]
    public void The_form_tells_what_an_id_refers_to(string? id, RefKind kind)
    {
        Assert.Equal(kind, Ref.KindOf(id));
        Span<byte> bytes = stackalloc byte[32];
        Assert.Equal(kind != RefKind.None, Ref.TryGetBytes(id, bytes));
        if (kind == RefKind.Message) Assert.Equal(id, Ref.Message(bytes));
    }

    [Fact]
    public void An_id_has_canonical_base64_of_32_bytes_and_nothing_else()
    {
        var form = new System.Text.RegularExpressions.Regex("^@[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=\\.ed25519$");
        for (int at = 1; at <= 44; at++)
        {
            for (int other = 1; other < 128; other++)
            {
                string id = $"@{Hash}.ed25519".Remove(at, 1).Insert(at, ((char)other).ToString());
                Assert.Equal(form.IsMatch(id), Ref.KindOf(id) == RefKind.Feed);
            }
        }
    }

    [Fact]
    public void Links_may_carry_the_key_of_a_box()
    {
        Assert.True(Ref.TryParseLink($"%{Hash}.sha256?a=1&unbox=ab%2B/c+d=", out string id, out string? unbox));
        Assert.Equal(($"%{Hash}.sha256", "ab+/c+d="), (id, unbox));
        Assert.True(Ref.TryParseLink($"%{Hash}.sha256", out _, out unbox));
        Assert.Null(unbox);
        Assert.False(Ref.TryParseLink("no link?unbox=x", out _, out _));
    }

    [PeerFact("server")]
    public void Random_strings_are_what_npm_ssb_ref_says()
    {
        string[] texts = [.. Enumerable.Range(0, 20_000).Select(_ => JsValue.From(Almost()).ToJson())];
        string[] node = Node.Lines(
            "const r = require('ssb-ref'), s = JSON.parse(line);"
            + "return [r.isFeed(s), r.isMsg(s), r.isCloakedMsg(s), r.isBlob(s), !!r.isLink(s)].map(Number).join('')",
            texts, SmallNetwork.Peer("server"));
        for (int i = 0; i < texts.Length; i++)
        {
            string text = JsValue.Parse(texts[i]).AsString;
            RefKind kind = Ref.KindOf(text);
            RefKind[] asked = [RefKind.Feed, RefKind.Message, RefKind.Cloaked, RefKind.Blob];
            string ours = string.Concat(asked.Select(k => k == kind ? '1' : '0')) + (Ref.IsLink(text) ? '1' : '0');
            Assert.True(node[i] == ours, $"{texts[i]}: node {node[i]}, we {ours}; {_dice.Replay}");
            Assert.Equal(Ref.IsLink(text), Ref.IsLink(Encoding.UTF8.GetBytes(text)));
        }
    }

    [PeerFact("server")]
    public void Random_names_normalise_as_npm_ssb_ref_does_it()
    {
        string[] texts = [.. Enumerable.Range(0, 20_000).Select(_ => JsValue.From(Name()).ToJson())];
        string[] node = Node.Lines(
            "return JSON.stringify(require('ssb-ref').normalizeChannel(JSON.parse(line)))",
            texts, SmallNetwork.Peer("server"));
        for (int i = 0; i < texts.Length; i++)
        {
            string ours = JsValue.From(Hashtag.Normalize(JsValue.Parse(texts[i]).AsString)).ToJson();
            Assert.True(node[i] == ours, $"{texts[i]}: node {node[i]}, we {ours}; {_dice.Replay}");
        }
    }

    private string Almost()
    {
        string[] suffixes =
            [".ed25519", ".sha256", ".cloaked", ".sha25", "Xsha256", "ésha256", "\u2028sha256", "😀sha256", "\nsha256"];
        string id = "@%&#"[_dice.Next(4)] + Hash + suffixes[_dice.Next(suffixes.Length)];
        int at = _dice.Next(id.Length);
        return _dice.Next(6) switch
        {
            0 => id.Remove(at, 1),
            1 => id.Insert(at, "A=é? "[_dice.Next(5)].ToString()),
            2 => id[..at] + "ABCDQ0=+/-_."[_dice.Next(12)] + id[(at + 1)..],
            3 => id + "?unbox=" + Hash,
            _ => id,
        };
    }

    private string Name()
    {
        string[] pieces =
        [
            "a", "B", "É", "ß", "İ", "Σ", "ΑΣ", "\u0301", "'", ".", ",", " ", "\u00a0", "\ufeff", "\u200b", "#", "\"",
            "😀", "𐐀", "\ud800", "Ǆ", "ﬁ", "Ω", "K", "[", ")", "!", "ᾳ", "ẞ", "Ა", "Ⅷ", "\u0345", ":", "ʰ",
        ];
        return string.Concat(Enumerable.Range(0, _dice.Next(9)).Select(_ => pieces[_dice.Next(pieces.Length)]))
            + new string('z', _dice.OneIn(5) ? 20 + _dice.Next(12) : 0);
    }
}
