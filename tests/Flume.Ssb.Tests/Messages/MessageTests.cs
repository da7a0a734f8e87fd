using System.Text;
using Flume.Query.Json;
using Flume.Ssb.Messages;
using Flume.TestKit;
using Xunit;

namespace Flume.Ssb.Tests.Messages;

/// <summary>Canonical text, id and signature: the vectors of docs/spec 5.4 and every message of the small log.</summary>
public class MessageTests
{
    private static readonly FeedKeys Ones = FeedKeys.FromSeed(Enumerable.Repeat((byte)1, 32).ToArray());

    [Fact]
    public void A_message_with_every_oddity_has_the_id_and_signature_that_JavaScript_gives_it()
    {
        JsValue content = JsValue.Parse(
            """
            {"type":"post","text":"h\u00e9llo \ud83d\ude00 \u0001/\"\\",
            "n":[1e21,1e-7,-0,0.1,123456789012345680000,1.0],"1":"int","b":true,"z":null}
            """);
        Assert.True(new MessageAuthor(Ones).TryWrite(null, content, 1600000000000, out JsObject message, out _));
        Assert.Equal(
            "e5nN0Hz+4PuQnZh1AKtwoO4uSVGWDmGx6vuRavIKfTHUEPXRHDs6bKEaMIJ/c7nUzjT6tM/OO3aY6grEJveKBw==.sig.ed25519",
            message["signature"].AsString);
        var canonical = new CanonicalMessage(JsValue.From(message));
        Assert.Equal("%RctWrWltehUspO5Vd7+Z0EIuyZmJwshGj9+YVqzyy4k=.sha256", canonical.Id);
        Assert.Equal(498, canonical.Length);
        Assert.True(MessageSignature.Verify(message));
    }

    [Fact]
    public void A_networks_key_changes_the_signature()
    {
        JsValue content = JsValue.Parse("""{"type":"test"}""");
        new MessageAuthor(Ones).TryWrite(null, content, 1600000000000, out JsObject plain, out _);
        byte[] key = [.. Enumerable.Repeat((byte)7, 32)];
        new MessageAuthor(Ones, key).TryWrite(null, content, 1600000000000, out JsObject keyed, out _);
        Assert.Equal(
            "/xLSR0NHlthKi7lk3MkpM8H9jqz+aPor7e8tQpM/gFkooEvdMwmUaaF3FzzwFW3gx701Msrp7b9Xn4q7lYbXCQ==.sig.ed25519",
            plain["signature"].AsString);
        Assert.Equal(
            "/bReqHrCr3JzlZJ23/tqSzvEnikM4e+q9FWTVUTK1AXzRCDJdlu29iCTmglqSx9L/IiXwVCAQ+wIqVE5fGHJCA==.sig.ed25519",
            keyed["signature"].AsString);
        Assert.True(MessageSignature.Verify(keyed, key));
        Assert.False(MessageSignature.Verify(keyed));
        Assert.False(MessageSignature.Verify(plain, key));
    }

    [Fact]
    public void Every_message_of_the_log_recomputes_its_id_and_verifies()
    {
        foreach (JsValue message in SmallNetwork.Messages)
        {
            Assert.Equal(message["key"].AsString, new CanonicalMessage(message["value"]).Id);
            Assert.True(MessageSignature.Verify(message["value"].AsObject));
        }
    }

    [Fact]
    public void Every_record_of_the_log_is_written_again_byte_for_byte()
    {
        foreach ((long _, ReadOnlyMemory<byte> payload) in SmallNetwork.Records)
        {
            JsValue message = JsValue.Parse(payload);
            ReadOnlyMemory<byte> again = StoredRecord.Encode(
                message["key"].AsString, message["value"], message["timestamp"].AsNumber);
            Assert.Equal(Encoding.UTF8.GetString(payload.Span), Encoding.UTF8.GetString(again.Span));
        }
    }

    [Fact]
    public void A_changed_message_does_not_verify()
    {
        JsObject value = SmallNetwork.Messages.First()["value"].AsObject.Copy();
        value.Set("timestamp", JsValue.From(value["timestamp"].AsNumber + 1));
        Assert.False(MessageSignature.Verify(value));
    }

    [Fact]
    public void A_signature_that_does_not_stand_last_is_still_cut_out()
    {
        JsObject value = SmallNetwork.Messages.First()["value"].AsObject, moved = new();
        moved.Set("signature", value["signature"]);
        foreach ((string name, JsValue member) in value) moved.Set(name, member);
        Assert.True(MessageSignature.Verify(moved));
    }
}
