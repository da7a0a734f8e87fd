using System.Text;
using Flume.Query.Json;
using Flume.Query.Tape;
using Flume.Ssb.Messages;
using Flume.TestKit;
using Xunit;

namespace Flume.Query.Tests.Tape;

/// <summary>The tape gives the same values as JavaScript, and refuses the same texts.</summary>
public class JsonTapeTests
{
    private readonly Dice _dice = new();
    private readonly JsonTape _tape = new();

    [Fact]
    public void Values_are_read_where_they_lie()
    {
        Assert.True(_tape.TryParse(
            """ {"a": [1, -2.5e1, true ,false,null,"x\u00e9\ud800"],"b":{},"a\u0062":"€","b":"last"} """u8));
        TapeValue root = _tape.Root, list = root["a"u8];
        Assert.Equal("Number Number Boolean Boolean Null String", Kinds(list));
        Assert.Equal(-25, list.On(list.Index + 2).Number);
        Assert.True(list.On(list.Index + 3).IsTrue);
        Assert.False(list.On(list.Index + 4).IsTrue);
        Assert.Equal("xé\ufffd", Encoding.UTF8.GetString(list.On(list.Index + 6).Utf8));
        Assert.Equal("xé\ufffd", Encoding.UTF8.GetString(list.On(list.Index + 6).Utf8));
        Assert.True(root["ab"u8].Is("€"u8));
        Assert.True(root["b"u8].Is("last"u8));
        Assert.True(root["none"u8].IsUndefined);
        Assert.Equal("""["x",[{}]]""", JsonOf("""["x",[{}]]"""));
        Assert.Equal(1, root["a"u8].Depth);
        Assert.Equal(_tape.Count, root.Next);
    }

    [Fact]
    public void Random_JSON_and_its_damage_are_accepted_and_refused_as_the_checker_does()
    {
        var random = new RandomJson(_dice);
        for (int i = 0; i < 8000; i++)
        {
            string text = random.Value(3);
            if (!_dice.OneIn(3)) text = Damage(text);
            byte[] utf8 = Encoding.UTF8.GetBytes(text);
            Assert.True(Accepts(utf8) == _tape.TryParse(utf8), $"{text}; {_dice.Replay}");
            if (_tape.Count > 0) AssertSame(JsValue.Parse(utf8), _tape.Root);
        }
    }

    [Fact]
    public void Random_bytes_never_throw_and_are_refused_as_the_checker_does()
    {
        byte[] alphabet = "{}[]\",:\\u0aE-+. \0\n\x1f\xff\xc3\xa9etrufalsn"u8.ToArray();
        for (int i = 0; i < 20_000; i++)
        {
            var bytes = new byte[_dice.Next(90)];
            for (int k = 0; k < bytes.Length; k++) bytes[k] = alphabet[_dice.Next(alphabet.Length)];
            Assert.True(Accepts(bytes) == _tape.TryParse(bytes), $"{Convert.ToHexString(bytes)}; {_dice.Replay}");
        }
    }

    [Fact]
    public void Every_record_of_the_log_cut_anywhere_or_with_a_flipped_bit_never_throws()
    {
        foreach ((long _, ReadOnlyMemory<byte> payload) in SmallNetwork.Records)
        {
            Assert.True(_tape.TryParse(payload.Span));
            Assert.False(_tape.TryParse(payload.Span[.._dice.Next(payload.Length)]), _dice.Replay);
            byte[] flipped = payload.ToArray();
            flipped[_dice.Next(flipped.Length)] ^= (byte)(1 << _dice.Next(8));
            Assert.True(Accepts(flipped) == _tape.TryParse(flipped), _dice.Replay);
            if (_tape.Count > 0) AssertSame(JsValue.Parse(flipped), _tape.Root);
        }
    }

    [Fact]
    public void Escapes_and_quotes_are_told_apart_across_every_block_boundary()
    {
        for (int shift = 0; shift < 130; shift++)
        {
            for (int slashes = 0; slashes < 6; slashes++)
            {
                string inside = new string('x', shift) + new string('\\', slashes * 2) + "\\\"y";
                byte[] text = Encoding.UTF8.GetBytes($"[\"{inside}\",1]");
                Assert.True(_tape.TryParse(text), $"{shift} {slashes}");
                string expected = new string('x', shift) + new string('\\', slashes) + "\"y";
                Assert.Equal(expected, Encoding.UTF8.GetString(_tape[1].Utf8));
                Assert.Equal(1, _tape[2].Number);
            }
        }
    }

    [Fact]
    public void A_text_that_nests_deeper_than_values_are_read_is_refused_as_the_checker_does_at_any_depth()
    {
        foreach (int depth in (int[])[9_999, 10_000, 10_001, 300_000])
        {
            byte[] deep = Encoding.UTF8.GetBytes(new string('[', depth) + new string(']', depth));
            Assert.True(Accepts(deep) == _tape.TryParse(deep), $"{depth}");
            Assert.Equal(depth <= 10_000 ? depth : 0, _tape.Count);
            Assert.False(_tape.TryParse(deep.AsSpan(1)));
        }
    }

    [Fact]
    public void Decoding_allocates_nothing_once_it_has_room()
    {
        byte[] record = SmallNetwork.Records[0].Payload.ToArray();
        _tape.TryParse(record);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++) _tape.TryParse(record);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static string Kinds(TapeValue list)
    {
        var kinds = new List<JsKind>();
        foreach (TapeValue item in list) kinds.Add(item.Kind);
        return string.Join(' ', kinds);
    }

    private static bool Accepts(byte[] utf8)
    {
        try
        {
            JsValue.ParseWhole(utf8);
            return true;
        }
        catch (JsSyntaxException)
        {
            return false;
        }
    }

    /// <summary>
    /// Two readers of one text must agree; of duplicate members JavaScript keeps the last.
    /// </summary>
    private static void AssertSame(JsValue expected, TapeValue found)
    {
        Assert.Equal(expected.Kind, found.Kind);
        Assert.Equal(expected.IsTruthy, found.IsTruthy);
        Assert.Equal(IndexKey.FingerprintOf(expected), IndexKey.FingerprintOf(found));
        Assert.Equal(IndexKey.SortKeyOf(expected), IndexKey.SortKeyOf(found));
        if (expected.IsNumber) Assert.Equal(expected.AsNumber, found.Number);
        if (expected.IsString) Assert.Equal(Encoding.UTF8.GetBytes(expected.AsString), found.Utf8.ToArray());
        if (expected.IsObject)
        {
            foreach ((string name, JsValue value) in expected.AsObject)
                AssertSame(value, found[Encoding.UTF8.GetBytes(name)]);
        }

        if (!expected.IsArray) return;
        int at = 0;
        foreach (TapeValue item in found) AssertSame(expected[at++], item);
        Assert.Equal(expected.AsArray.Count, at);
    }

    private string JsonOf(string text)
    {
        var other = new JsonTape();
        other.TryParse(Encoding.UTF8.GetBytes(text));
        return other.Root.ToJsValue().ToJson();
    }

    private string Damage(string text)
    {
        int at = _dice.Next(text.Length);
        return _dice.Next(3) switch
        {
            0 => text[..at],
            1 => text.Remove(at, 1),
            _ => text.Insert(at, "{}[]\",:0 \\e-t\u0001"[_dice.Next(14)].ToString()),
        };
    }
}
