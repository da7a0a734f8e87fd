using System.Text;
using Flume.Log;
using Flume.Query.Json;
using Flume.Ssb.Messages;
using Flume.TestKit;
using Xunit;

namespace Flume.Ssb.Tests.Messages;

public sealed class SigningNetworkTests
{
    private static readonly byte[] OtherNetwork = Encoding.ASCII.GetBytes("a key of 32 bytes, of a network.");

    [Theory]
    [InlineData(2, false)]
    [InlineData(5, true)]
    [InlineData(100, true)]
    public void A_log_of_a_network_with_a_signing_key_of_its_own_is_named(int messages, bool isNamed)
    {
        using TempLog temp = new();
        using OffsetLog log = temp.Open();
        for (int i = 1; i <= messages; i++) log.Append(Message(i, OtherNetwork), Durability.Os);
        Assert.Equal(isNamed, SigningNetwork.FaultOf(log)?.Contains("caps.sign", StringComparison.Ordinal) == true);
    }

    [Fact]
    public void One_message_that_verifies_makes_it_a_log_of_this_network()
    {
        using TempLog temp = new();
        using OffsetLog log = temp.Open();
        for (int i = 1; i <= 9; i++) log.Append(Message(i, i == 9 ? [] : OtherNetwork), Durability.Os);
        Assert.Null(SigningNetwork.FaultOf(log));
    }

    [Fact]
    public void Other_records_and_messages_without_a_right_id_say_nothing()
    {
        using TempLog temp = new();
        using OffsetLog log = temp.Open();
        for (int i = 1; i <= 9; i++)
        {
            log.Append(Encoding.UTF8.GetBytes($"{{\"n\":{i}}}"), Durability.Os);
            string wrongId = Encoding.UTF8.GetString(Message(i, OtherNetwork)).Replace("\"text\":\"", "\"text\":\"x");
            log.Append(Encoding.UTF8.GetBytes(wrongId), Durability.Os);
        }

        Assert.Null(SigningNetwork.FaultOf(log));
    }

    private static byte[] Message(int sequence, byte[] hmacKey)
    {
        FeedKeys keys = FeedKeys.Generate();
        JsObject unsigned = new JsObject()
            .Set("previous", JsValue.Null).Set("author", JsValue.From(keys.Id)).Set("sequence", JsValue.From(sequence))
            .Set("timestamp", JsValue.From(1)).Set("hash", JsValue.From("sha256"))
            .Set("content", JsValue.From(new JsObject().Set("type", JsValue.From("post")).Set("text", JsValue.From("hello"))));
        JsValue signed = JsValue.From(MessageSignature.Sign(unsigned, keys, hmacKey));
        return JsWriter.ToUtf8(JsValue.From(new JsObject()
            .Set("key", JsValue.From(new CanonicalMessage(signed).Id)).Set("value", signed).Set("timestamp", JsValue.From(1)))).ToArray();
    }
}
