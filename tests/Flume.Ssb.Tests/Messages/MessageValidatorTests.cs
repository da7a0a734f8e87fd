using System.Text;
using System.Text.RegularExpressions;
using Flume.Query.Json;
using Flume.Ssb.Messages;
using Flume.TestKit;
using Xunit;

namespace Flume.Ssb.Tests.Messages;

/// <summary>
/// Validation: the public data set against ssb-validate's own answers, and whole feeds of the small log.
/// </summary>
public class MessageValidatorTests
{
    [PeerFact("validation")]
    public void All_cases_of_the_data_set_get_ssb_validates_answer()
    {
        string folder = SmallNetwork.Peer("validation")!;
        string lines = Encoding.UTF8.GetString(Node.Run("require('./export.js')", [], folder));
        string[] cases = lines.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(126, cases.Length);
        foreach (string line in cases) CheckCase(JsValue.Parse(line));
    }

    [Fact]
    public void Whole_feeds_validate_and_a_repeated_or_missing_message_does_not()
    {
        var states = new Dictionary<string, FeedState>();
        foreach (JsValue message in SmallNetwork.Messages)
        {
            JsValue value = message["value"];
            string author = value["author"].AsString;
            states.TryGetValue(author, out FeedState? state);
            Assert.Null(MessageValidator.Check(state, value));
            long sequence = (long)value["sequence"].AsNumber;
            var next = new FeedState(message["key"].AsString, sequence, value["timestamp"].AsNumber);
            states[author] = next;
            InvalidMessage repeated = MessageValidator.Check(next, value)!;
            Assert.False(repeated.Fatal);
            string reason = $"invalid message: expected sequence {sequence + 1} but got:{sequence}in state:{{\"id\":";
            Assert.StartsWith(reason, repeated.Reason);
        }
    }

    [Fact]
    public void A_fork_and_a_forgery_are_fatal()
    {
        JsValue second = SmallNetwork.Messages.First(m => m["value"]["sequence"].AsNumber == 2)["value"];
        InvalidMessage fork = MessageValidator.Check(new FeedState("%other", 1, 0), second)!;
        Assert.True(fork.Fatal);
        Assert.StartsWith("invalid message: expected different previous message, on feed:@", fork.Reason);
        JsObject forged = second.AsObject.Copy().Set("content", JsValue.Parse("""{"type":"post"}"""));
        var state = new FeedState(second["previous"].AsString, 1, 0);
        InvalidMessage? forgery = MessageValidator.Check(state, JsValue.From(forged));
        Assert.Equal(new InvalidMessage("invalid signature", true), forgery);
    }

    [Theory]
    [InlineData("{\"type\":\"ab\"}", "type must be a string3 <= type.length < 52, was:ab")]
    [InlineData("{\"type\":[1,[2,null]]}", "type must be a string3 <= type.length < 52, was:1,2,")]
    [InlineData("[]", "type must be a string3 <= type.length < 52, was:undefined")]
    [InlineData("\"text\"", "invalid message content, must be object or encrypted string")]
    public void What_cannot_be_published_says_why(string content, string reason)
    {
        var author = new MessageAuthor(FeedKeys.Generate());
        Assert.False(author.TryWrite(null, JsValue.Parse(content), 1, out _, out InvalidMessage? problem));
        Assert.Equal(reason, problem!.Reason);
    }

    [Fact]
    public void The_limit_counts_UTF16_units()
    {
        var author = new MessageAuthor(FeedKeys.Generate());
        JsValue Post(int units) => JsValue.From(
            new JsObject().Set("type", JsValue.From("post")).Set("text", JsValue.From(new string('€', units))));
        Assert.True(author.TryWrite(null, Post(7000), 1, out _, out _));
        Assert.False(author.TryWrite(null, Post(8192), 1, out _, out InvalidMessage? problem));
        Assert.StartsWith("Encoded message must not be larger than 8192 bytes. Current size is ", problem!.Reason);
    }

    [Theory]
    [InlineData("YWJj.box", true)]
    [InlineData("YWJj.box2 and more", true)]
    [InlineData(".box", true)]
    [InlineData("aab.box", false)]
    [InlineData("YWJj.bo", false)]
    [InlineData("YWJj.box\n", false)]
    [InlineData("YW=j.box", false)]
    public void Encrypted_content_is_canonical_base64_and_a_box_suffix(string text, bool encrypted) =>
        Assert.Equal(encrypted, MessageValidator.IsEncrypted(JsValue.From(text)));

    private static void CheckCase(JsValue item)
    {
        JsValue state = item["state"], key = item["hmacKey"];
        FeedState? feed = state.IsNull ? null
            : new FeedState(state["id"].AsString, (long)state["sequence"].AsNumber, 0);

        // A value that is neither text nor null is an invalid key.
        string? hmacKey = key.IsNull ? null : key.IsString ? key.AsString : "";
        InvalidMessage? ours = MessageValidator.Check(feed, item["message"], hmacKey);
        Assert.True(item["valid"].AsBoolean == ours is null, item.ToJson());
        if (item["id"].IsString && ours is null)
            Assert.Equal(item["id"].AsString, new CanonicalMessage(item["message"]).Id);
        if (ours is null || item["threw"].AsBoolean) return;
        Assert.Equal(WithoutState(item["reason"].AsString), WithoutState(ours.Reason));
        Assert.Equal(item["fatal"].AsBoolean, ours.Fatal);
    }

    // The data set's states lack members that a running server's have.
    private static string WithoutState(string reason) => Regex.Replace(reason, "in state:{.*}, on", "in state:{}, on");
}
