using Flume.Log;
using Flume.Query.Json;
using Flume.Ssb.Messages;
using Xunit;

namespace Flume.Ssb.Tests.Messages;

/// <summary>The cache of decrypted messages finds an entry only by its offset and box.</summary>
public sealed class OpenedMessagesTests
{
    private static readonly JsValue Message = JsValue.Parse("""{"value":{"content":"plain"}}""");

    [Fact]
    public void A_message_is_found_at_its_offset_under_its_box_alone()
    {
        OpenedMessages opened = new();
        opened.Keep(new Offset(7), Box("a"), Message);
        Assert.True(opened.TryGet(new Offset(7), Box("a"), out JsValue kept));
        Assert.Equal(Message.ToJson(), kept.ToJson());
        Assert.False(opened.TryGet(new Offset(7), Box("b"), out _));
        Assert.False(opened.TryGet(new Offset(8), Box("a"), out _));
        Assert.False(opened.TryGet(Offset.None, Box("a"), out _));
    }

    [Fact]
    public void The_elder_go_when_there_are_more_than_two_generations()
    {
        OpenedMessages opened = new();
        for (int i = 0; i <= 2 * OpenedMessages.GenerationMax; i++) opened.Keep(new Offset(i), Box("a"), Message);
        Assert.False(opened.TryGet(new Offset(0), Box("a"), out _));
        Assert.True(opened.TryGet(new Offset(2 * OpenedMessages.GenerationMax), Box("a"), out _));
        Assert.True(opened.TryGet(new Offset(OpenedMessages.GenerationMax), Box("a"), out _));
    }

    private static JsValue Box(string text) => JsValue.Parse($"\"{text}.box\"");
}
