using System.Text;
using Flume.Log;
using Flume.Query.Json;
using Flume.Query.Tape;
using Flume.Ssb.Messages;
using Flume.TestKit;
using Xunit;

namespace Flume.Ssb.Tests.Messages;

/// <summary>The values that the decoder reads from a record, and its faults for other records.</summary>
public class MessageDecoderTests
{
    private readonly MessageDecoder _decoder = new(new Unboxer(SmallNetwork.Identity));

    [Fact]
    public void Every_record_of_the_log_decodes_to_what_JavaScript_sees()
    {
        var opener = new Unboxer(SmallNetwork.Identity);
        int boxes = 0;
        foreach ((long offset, ReadOnlyMemory<byte> payload) in SmallNetwork.Records)
        {
            DecodedMessage decoded = _decoder.Decode(new Offset(offset), payload.Span);
            JsValue view = MessageView.Decrypt(JsValue.Parse(payload), opener), value = view["value"];
            Assert.True(decoded.IsMessage);
            Assert.Equal(offset, decoded.Offset.Value);
            Assert.Equal(view["key"].AsString, Text(decoded.Key));
            Assert.Equal(value["author"].AsString, Text(decoded.Author));
            Assert.Equal(value["sequence"].AsNumber, decoded.Sequence.Number);
            Assert.Equal(value["timestamp"].AsNumber, decoded.Claimed.Number);
            Assert.Equal(view["timestamp"].AsNumber, decoded.Received.Number);
            Assert.Equal(value["previous"].Kind, decoded.Previous.Kind);
            Assert.Equal(value["content"].ToJson(), decoded.Content.ToJsValue().ToJson());
            Assert.Equal(value["private"].IsTruthy, decoded.IsPrivate);
            decoded.TryContent("type"u8, out TapeValue type);
            Assert.Equal(value["content"]["type"].Kind, type.Kind);
            if (!decoded.IsPrivate) continue;
            boxes++;
            Assert.Equal(value["unbox"].AsString, Convert.ToBase64String(decoded.UnboxKey));
        }

        Assert.True(boxes > 10);
    }

    [Theory]
    [InlineData("", MessageFault.Deleted)]
    [InlineData("\0\0\0\0", MessageFault.Deleted)]
    [InlineData("\0x", MessageFault.NotJson)]
    [InlineData("{\"key\":", MessageFault.NotJson)]
    [InlineData("5", MessageFault.NotObject)]
    [InlineData("[]", MessageFault.NotObject)]
    [InlineData("{}", MessageFault.NoKey)]
    [InlineData("{\"key\":5,\"value\":{}}", MessageFault.NoKey)]
    [InlineData("{\"key\":\"%x\"}", MessageFault.NoValue)]
    [InlineData("{\"key\":\"%x\",\"value\":[]}", MessageFault.NoValue)]
    [InlineData("{\"key\":\"%x\",\"value\":{}}", MessageFault.None)]
    public void What_is_no_message_says_why(string record, MessageFault fault) =>
        Assert.Equal(fault, Decode(record).Fault);

    [Fact]
    public void Of_members_with_one_name_the_last_counts()
    {
        DecodedMessage decoded = Decode(
            """{"key":"a","key":"b","value":{"author":1,"\u0061uthor":"@x","content":{"type":"x","type":"y"}}}""");
        Assert.Equal("b", Text(decoded.Key));
        Assert.Equal("@x", Text(decoded.Author));
        Assert.True(decoded.TryContent("type"u8, out TapeValue type) && type.Is("y"u8));
    }

    [Theory]
    [InlineData("5", "3", 3.0, 3.0, 3.0)]
    [InlineData("3", "5", 3.0, 3.0, 3.0)]
    [InlineData("5", "0", 5.0, null, 5.0)]
    [InlineData("5", "null", 5.0, null, 5.0)]
    [InlineData("0", "7", 0.0, 7.0, 0.0)]
    [InlineData("null", "7", 7.0, 7.0, null)]
    [InlineData("5", "-2.5", -2.5, -2.5, -2.5)]
    public void The_three_orders_of_time_follow_their_views(
        string received, string claimed, double? feed, double? link, double? query)
    {
        DecodedMessage decoded = Decode(
            $$"""{"key":"a","value":{"timestamp":{{claimed}}},"timestamp":{{received}}}""");
        Assert.Equal(feed, decoded.FeedRts);
        Assert.Equal(link, decoded.LinkRts);
        Assert.Equal(query, decoded.QueryRts);
    }

    [Theory]
    [InlineData("{\"a\":1,\"b\":{\"c\":2,\"c\":[3]},\"a\":4}", "{\"a\":4,\"b\":{\"c\":[3]}}")]
    [InlineData("\"text\"", "\"text\"")]
    [InlineData("[null]", "[null]")]
    [InlineData("0", null)]
    [InlineData("null", null)]
    [InlineData("\"\"", null)]
    [InlineData("{broken", null)]
    [InlineData("", null)]
    public void What_a_box_holds_is_the_content_when_JavaScript_would_take_it(string plaintext, string? content)
    {
        FeedKeys me = SmallNetwork.Identity;
        string box = PrivateBox.ToText(PrivateBox.Seal(Encoding.UTF8.GetBytes(plaintext), [me.PublicKey.ToArray()]));
        string record = $$$"""{"key":"%k","value":{"author":"@a","content":"{{{box}}}"}}""";
        DecodedMessage decoded = Decode(record);
        Assert.Equal(content is not null, decoded.IsPrivate);
        Assert.Equal(content ?? $"\"{box}\"", decoded.Content.ToJsValue().ToJson());
        JsValue view = MessageView.Decrypt(JsValue.Parse(record), new Unboxer(me));
        Assert.Equal(content ?? $"\"{box}\"", view["value"]["content"].ToJson());
    }

    [Fact]
    public void A_decoder_without_keys_leaves_boxes_closed()
    {
        var closed = new MessageDecoder();
        foreach ((long offset, ReadOnlyMemory<byte> payload) in SmallNetwork.Records)
            Assert.False(closed.Decode(new Offset(offset), payload.Span).IsPrivate);
    }

    [Fact]
    public void Hostile_bytes_never_throw()
    {
        var dice = new Dice();
        var random = new RandomJson(dice);
        var walk = new LinkWalk();
        for (int i = 0; i < 3000; i++)
        {
            string value = $$"""{"author":"@a","timestamp":{{random.Value(1)}},"content":{{random.Value(3)}}}""";
            byte[] bytes = Encoding.UTF8.GetBytes($$"""{"key":"%k","value":{{value}}}""");
            for (int flips = dice.Next(4); flips > 0; flips--) bytes[dice.Next(bytes.Length)] = (byte)dice.Next(256);
            int cut = dice.OneIn(4) ? dice.Next(9) : 0;
            DecodedMessage decoded = _decoder.Decode(new Offset(i), bytes.AsSpan(0, bytes.Length - cut));
            _ = (decoded.FeedRts, decoded.LinkRts, decoded.QueryRts, decoded.Sequence.Number, decoded.UnboxKey.Length);
            walk.Backlinks(decoded.Content);
            walk.FieldLinks(decoded.Content);
            walk.FieldLinks(decoded);
        }
    }

    [Fact]
    public void Decoding_public_records_allocates_nothing_once_it_has_room()
    {
        byte[] record = SmallNetwork.Records[0].Payload.ToArray();
        _decoder.Decode(Offset.Zero, record);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++) _decoder.Decode(Offset.Zero, record);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static string Text(TapeValue value) => Encoding.UTF8.GetString(value.Utf8);

    private DecodedMessage Decode(string record) => _decoder.Decode(Offset.None, Encoding.UTF8.GetBytes(record));
}
