using System.Text;
using Flume.Log;
using Flume.Query.Json;
using Flume.Query.Tape;
using Flume.Ssb.Messages;
using Flume.TestKit;
using Xunit;

namespace Flume.Ssb.Tests.Messages;

/// <summary>
/// The links of contents, compared with the raw entries of JavaScript's indexes and with its modules. Contents are
/// random or hostile.
/// </summary>
public class LinkWalkTests
{
    private const string Feed = "@+uhEFD56JVywEx8xlzL0apAL27y0kDXZH3aP86pDArQ=.ed25519";
    private const string Message = "%hz8OTS15CSNzRuxQf3xkkHlkZRzx7AMM9mZypVkgD1Q=.sha256";

    private readonly Dice _dice = new();
    private readonly LinkWalk _walk = new();

    [Fact]
    public void Backlinks_of_the_log_are_the_entries_of_JavaScripts_index()
    {
        SortedSet<string> expected = new(StringComparer.Ordinal), found = new(StringComparer.Ordinal);
        foreach (string line in Golden("backlinks--uhEFD56J.jsonl"))
        {
            JsValue key = JsValue.Parse(line)[0];
            if (key[0].EqualsUtf8("DTA"u8)) expected.Add($"{key[1].AsString} {key[2].ToJson()} {key[3].ToJson()}");
        }

        foreach (DecodedMessage message in Decode())
        {
            LinkSet links = _walk.Backlinks(message.Content);
            for (int i = 0; i < links.Count; i++)
                found.Add($"{Text(links[i])} {JsNumber.Format(message.LinkRts!.Value)} {message.Offset}");
        }

        Assert.Equal(expected, found);
    }

    [Fact]
    public void Field_links_of_the_log_are_the_entries_of_JavaScripts_index()
    {
        SortedSet<string> expected = new(StringComparer.Ordinal), found = new(StringComparer.Ordinal);
        foreach (string line in Golden("links.jsonl"))
        {
            JsValue entry = JsValue.Parse(line), key = entry[0];
            if (key[0].EqualsUtf8("link"u8)) expected.Add($"{key[2].AsString} {key[3].AsString} {entry[1].ToJson()}");
        }

        foreach (DecodedMessage message in Decode())
        {
            if (message.Content.IsString) continue;
            foreach (FieldLink link in _walk.FieldLinks(message.Content))
                found.Add($"{Text(link.Field.NameUtf8)} {Text(link.Dest.Utf8)} {message.Offset}");
        }

        Assert.Equal(expected, found);
    }

    [PeerFact("server")]
    public void Backlinks_of_random_contents_are_those_of_npm_ssb_backlinks()
    {
        string script = "const out = new Set(), message = {value: {content: JSON.parse(line)}};"
            + "require('ssb-backlinks/emit-links')(message, m => out.add(m.dest));"
            + "return JSON.stringify([...out].map(d => Buffer.from(d).toString()).sort())";
        Compare(script, content =>
        {
            LinkSet links = _walk.Backlinks(content);
            return Enumerable.Range(0, links.Count).Select(i => Text(links[i]));
        });
    }

    [PeerFact("server")]
    public void Field_links_of_random_contents_are_those_of_npm_ssb_msgs()
    {
        string script = "const out = [], content = JSON.parse(line);"
            + "require('ssb-msgs').indexLinks(content, (o, rel) => out.push(rel + ' ' + o.link));"
            + "return JSON.stringify(out.map(d => Buffer.from(d).toString()).sort())";
        Compare(script, content =>
            _walk.FieldLinks(content).Select(link => $"{Text(link.Field.NameUtf8)} {Text(link.Dest.Utf8)}"));
    }

    [Theory]
    [InlineData("{\"mentions\":[null]}")]
    [InlineData("{\"root\":{\"a\":1},\"channel\":{\"b\":[{}]}}")]
    [InlineData("{\"mentions\":[{\"link\":null},{\"link\":{}},5,[],true]}")]
    [InlineData("null")]
    [InlineData("\"text\"")]
    [InlineData("[null,[null]]")]
    public void What_stops_JavaScripts_views_is_passed_over(string content)
    {
        TapeValue value = Tape(content);
        Assert.Equal(0, _walk.Backlinks(value).Count);
        Assert.Empty(_walk.FieldLinks(value));
    }

    [Fact]
    public void Links_beside_poison_are_found()
    {
        TapeValue content = Tape(
            $$"""{"type":"post","mentions":[null,{"link":"{{Feed}}","name":5},"{{Message}}?unbox=x"]}""");
        Assert.Equal([Feed, Message + "?unbox=x"], _walk.FieldLinks(content).Select(l => Text(l.Dest.Utf8)));
    }

    [Fact]
    public void A_message_without_a_readable_type_links_from_its_own_fields()
    {
        var decoder = new MessageDecoder();
        string value = $$"""{"previous":"{{Message}}","author":"{{Feed}}","content":"YQ==.box"}""";
        string record = $$"""{"key":"%k","value":{{value}}}""";
        DecodedMessage message = decoder.Decode(Offset.None, Encoding.UTF8.GetBytes(record));
        Assert.Equal(["previous", "author"], _walk.FieldLinks(message).Select(l => Text(l.Field.NameUtf8)));
    }

    [Fact]
    public void Thousands_of_distinct_links_stay_distinct()
    {
        var text = new StringBuilder("[");
        for (int i = 0; i < 4000; i++) text.Append($"\"#tag{i % 2000}\",");
        Assert.Equal(2000, _walk.Backlinks(Tape(text.Append("0]").ToString())).Count);
        Assert.Equal(2000, _walk.Backlinks(Tape(text.ToString())).Count);
    }

    private void Compare(string script, Func<TapeValue, IEnumerable<string>> ours)
    {
        string[] contents = [.. Enumerable.Range(0, 2000).Select(_ => Content())];
        string[] node = Node.Lines(script, contents, SmallNetwork.Peer("server"));
        for (int i = 0; i < contents.Length; i++)
        {
            IEnumerable<string> theirs = JsValue.Parse(node[i]).AsArray.Select(value => value.AsString);
            string[] expected = [.. theirs.Order(StringComparer.Ordinal)];
            string[] found = [.. ours(Tape(contents[i])).Order(StringComparer.Ordinal)];
            Assert.True(expected.SequenceEqual(found),
                $"{contents[i]}\nnode: {string.Join(" ", expected)}\nwe:   {string.Join(" ", found)}\n{_dice.Replay}");
        }
    }

    // JavaScript's parser drops duplicate names before its walks start.
    private string Content()
    {
        IEnumerable<string> names = Enumerable.Range(0, _dice.Next(5)).Select(Name).ToArray().Distinct();
        return "{" + string.Join(",", names.Select(name => $"\"{name}\":{Value(2)}")) + "}";
    }

    private string Name(int i) => _dice.Next(6) switch
    {
        0 => "channel",
        1 => "content",
        2 => "value",
        3 => "type",
        _ => "mentions",
    } + (_dice.OneIn(2) ? "" : i.ToString());

    private string Value(int depth) => _dice.Next(depth > 0 ? 8 : 3) switch
    {
        0 => new[] { "1", "true", "\"\"", "0" }[_dice.Next(4)],
        1 or 2 => JsValue.From(Link()).ToJson(),
        3 => $"[{Value(depth - 1)},{Value(depth - 1)}]",
        4 => $"{{\"link\":{Value(depth - 1)},\"name\":{Value(0)}}}",
        5 => $"{{\"0\":{Value(depth - 1)},\"1\":{Value(depth - 1)},\"3\":{Value(0)}}}",
        6 => $"{{\"content\":{{\"type\":\"x\",\"a\":{Value(0)}}}}}",
        _ => $"{{\"type\":{Value(0)},\"a\":{Value(depth - 1)}}}",
    };

    private string Link()
    {
        string[] known =
        [
            Feed, Message, "&" + Message[1..], "%" + Message[1..46] + "cloaked", "@" + Message[1..],
            Feed.Replace(".", "é"), Message.Replace("Q=", "R="), Message + "?unbox=abc", Feed + " ",
            "#Foo.Bar", "#" + new string('x', 28), "#" + new string('x', 29), "#...", "#a b", "#ΑΣ", "#İx", "#a#b",
            "#ÉCOLE😀", "no link", "channel Name!", "😀" + new string('y', 28),
        ];
        string link = known[_dice.Next(known.Length)];
        return _dice.OneIn(10) ? link.Remove(_dice.Next(link.Length), 1) : link;
    }

    private static IEnumerable<string> Golden(string name) =>
        File.ReadLines(Path.Combine(SmallNetwork.Small, "golden", "views", name));

    private static IEnumerable<DecodedMessage> Decode()
    {
        var decoder = new MessageDecoder(new Unboxer(SmallNetwork.Identity));
        return SmallNetwork.Records.Select(r => decoder.Decode(new Offset(r.Offset), r.Payload.Span));
    }

    private static TapeValue Tape(string json)
    {
        var tape = new JsonTape();
        Assert.True(tape.TryParse(Encoding.UTF8.GetBytes(json)));
        return tape.Root;
    }

    private static string Text(ReadOnlySpan<byte> utf8) => Encoding.UTF8.GetString(utf8);
}
