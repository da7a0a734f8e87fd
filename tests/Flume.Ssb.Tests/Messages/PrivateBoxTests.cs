using System.Text;
using Flume.Log;
using Flume.Query.Json;
using Flume.Ssb.Messages;
using Flume.TestKit;
using Xunit;

namespace Flume.Ssb.Tests.Messages;

/// <summary>Boxes of Flume, boxes of JavaScript, and invalid boxes.</summary>
public sealed class PrivateBoxTests
{
    private static readonly FeedKeys Alice = FeedKeys.Generate(), Bob = FeedKeys.Generate();

    [Fact]
    public void Each_reader_opens_a_box_and_nobody_else_does()
    {
        byte[] box = PrivateBox.Seal("""{"type":"post"}"""u8, [Alice.PublicKey.ToArray(), Bob.PublicKey.ToArray()]);
        foreach (FeedKeys reader in new[] { Alice, Bob })
        {
            var key = new byte[PrivateBox.UnboxKeyBytes];
            var plaintext = new byte[box.Length];
            int length = new Unboxer(reader).Open(Offset.None, box, key, plaintext);
            Assert.Equal("""{"type":"post"}""", Encoding.UTF8.GetString(plaintext, 0, length));
            Assert.Equal(2, key[0]);
        }

        Assert.Equal(-1, new Unboxer(FeedKeys.Generate()).Open(Offset.None, box, new byte[33], new byte[box.Length]));
    }

    [Fact]
    public void The_start_of_a_box_is_decoded_as_the_whole_is() => TestSeed.Run(1, random =>
    {
        int taken = 0;
        for (int i = 0; i < 2_000; i++)
        {
            byte[] text = Encoding.ASCII.GetBytes(PrivateBox.ToText(System.Security.Cryptography.RandomNumberGenerator.GetBytes(40)));
            for (int changes = random.Next(3); changes > 0; changes--) text[random.Next(14)] = (byte)random.Next(256);
            byte[] start = new byte[9], box = new byte[text.Length];
            int length = PrivateBox.DecodeText(text, box);
            if (!PrivateBox.TryDecodeStart(text, start)) continue;
            taken++;
            Assert.True(length >= start.Length, Encoding.Latin1.GetString(text));
            Assert.Equal(box[..start.Length], start);
        }

        Assert.InRange(taken, 600, 2_000);
    });

    [Fact]
    public void Private_messages_of_the_log_open_to_the_golden_form()
    {
        var opener = new Unboxer(SmallNetwork.Identity);
        var golden = new Dictionary<string, string>();
        string file = Path.Combine(SmallNetwork.Small, "golden", "get.jsonl");
        foreach (string line in File.ReadLines(file))
        {
            JsValue item = JsValue.Parse(line), value = item["expected"]["value"];
            JsValue wanted = item["request"]["args"][0];
            if (wanted["private"].IsTruthy && wanted["meta"].IsTruthy && value["key"].IsString)
                golden[value["key"].AsString] = value.ToJson();
        }

        int opened = 0, compared = 0;
        foreach (JsValue message in SmallNetwork.Messages)
        {
            JsValue view = MessageView.Decrypt(message, opener);
            if (golden.TryGetValue(message["key"].AsString, out string? expected) && ++compared > 0)
                Assert.Equal(expected, view.ToJson());
            if (!view["value"]["private"].IsTruthy) continue;
            opened++;
            Assert.Equal(message.ToJson(), MessageView.Original(view).ToJson());
            Assert.Equal(view.ToJson(), MessageView.Decrypt(message, opener, view["value"]["unbox"].AsString).ToJson());
            Assert.Equal(
                "previous sequence author timestamp hash content signature meta cyphertext private unbox",
                string.Join(' ', view["value"].AsObject.Select(member => member.Key)));
        }

        Assert.True(opened > 10 && compared > 0, $"{opened} opened, {compared} compared");
    }

    [PeerFact("validation")]
    public void What_we_box_npm_ssb_keys_opens_and_the_other_way_round()
    {
        JsValue content = JsValue.Parse($$"""{"type":"post","text":"hé 😀","recps":["{{Alice.Id}}","{{Bob.Id}}"]}""");
        Assert.True(PrivateContent.TryBox(content, out JsValue boxed, out _));
        string script = "const k = require('ssb-keys'); const [box, private, ...ids] = "
            + "JSON.parse(require('fs').readFileSync(0));"
            + "process.stdout.write(JSON.stringify([k.unbox(box, {curve: 'ed25519', private}), k.box({a: 'é'}, ids)]))";
        string input = JsValue.From(new JsArray(
        [
            boxed, JsValue.From(Convert.ToBase64String(Bob.SecretKey) + ".ed25519"),
            JsValue.From(Alice.Id), JsValue.From(Bob.Id),
        ])).ToJson();
        JsValue answer = JsValue.Parse(Node.Run(script, Encoding.UTF8.GetBytes(input), SmallNetwork.Peer("validation")));
        Assert.Equal(content.ToJson(), answer[0].ToJson());
        Assert.Equal("""{"a":"é"}""", new Unboxer(Alice).Open(answer[1].AsString, new byte[33]).ToJson());
    }

    [Theory]
    [InlineData("{\"recps\":5}", "private message field \"recps\" expects an Array of recipients")]
    [InlineData("{\"recps\":[]}", "private message field \"recps\" requires at least one recipient")]
    [InlineData("{\"recps\":\"bob\"}",
        "private message requested, but no boxers could encrypt these recps: [\"bob\"]")]
    public void Recipients_that_cannot_be_boxed_for_get_JavaScripts_words(string content, string problem)
    {
        Assert.False(PrivateContent.TryBox(JsValue.Parse(content), out _, out string? said));
        Assert.Equal(problem, said);
    }

    [Fact]
    public void Eight_recipients_are_one_too_many()
    {
        var recps = new JsArray(Enumerable.Repeat(JsValue.From(Alice.Id), 8));
        Assert.False(PrivateContent.TryBox(
            JsValue.From(new JsObject().Set("recps", JsValue.From(recps))), out _, out string? problem));
        Assert.Equal("max recipients is:7 found:8", problem);
    }

    [Fact]
    public void A_single_recipient_is_boxed_as_a_list()
    {
        JsValue content = JsValue.Parse($$"""{"type":"a","recps":"{{Alice.Id}}"}""");
        Assert.True(PrivateContent.TryBox(content, out JsValue box, out _));
        JsValue opened = new Unboxer(Alice).Open(box.AsString, new byte[33]);
        Assert.Equal($$"""{"type":"a","recps":["{{Alice.Id}}"]}""", opened.ToJson());
    }

    [Fact]
    public void Damaged_boxes_never_throw()
    {
        var dice = new Dice();
        byte[] good = PrivateBox.Seal("""{"type":"post"}"""u8, [Alice.PublicKey.ToArray()]);
        var opener = new Unboxer(Alice);
        for (int i = 0; i < 500; i++)
        {
            byte[] bad = good.AsSpan(0, dice.Next(good.Length + 1)).ToArray();
            for (int flips = dice.Next(3); flips > 0 && bad.Length > 0; flips--) bad[dice.Next(bad.Length)] ^= 1;
            string text = PrivateBox.ToText(bad)[dice.Next(3)..];
            opener.Open(text.Replace('A', "A.=* "[dice.Next(5)]) + (dice.OneIn(9) ? "" : ".box"), new byte[33]);
        }
    }

    [Theory]
    [InlineData("YQ==YQ==.box", "61")]
    [InlineData("YWJj*ZGVm.box", "616263646566")]
    [InlineData("-_-_.box", "fbffbf")]
    [InlineData("YWJjZ.box", "616263")]
    [InlineData("%YWJj.x.box", "616263")]
    [InlineData("=YWJj.box", "")]
    [InlineData("éYWJj.box", "616263")]
    public void Content_decodes_as_forgivingly_as_Buffer_from(string text, string hex)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(text), box = new byte[utf8.Length];
        Assert.Equal(hex, Convert.ToHexStringLower(box, 0, PrivateBox.Decode(utf8, box)));
    }
}
