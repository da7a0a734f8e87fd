using Flume.Query.Json;
using Flume.Replication.Ebt;

namespace Flume.Replication.Tests;

/// <summary>Notes on the wire.</summary>
public sealed class EbtNoteTests
{
    [Theory]
    [InlineData(0, 0, true)]
    [InlineData(1, 0, false)]
    [InlineData(8, 4, true)]
    [InlineData(9, 4, false)]
    [InlineData(2147483646, 1073741823, true)]
    [InlineData(-1, -1, false)]
    public void A_number_says_how_far_and_whether_to_send(double value, long sequence, bool receive)
    {
        Assert.True(EbtNote.TryDecode(value, out EbtNote note));
        Assert.Equal(new EbtNote(sequence, receive), note);
        Assert.Equal((long)value, note.Encode());
    }

    [Fact]
    public void A_fraction_is_a_refusal()
    {
        Assert.True(EbtNote.TryDecode(4.5, out EbtNote note));
        Assert.Equal(EbtNote.Refusal, note);
    }

    [Theory]
    [InlineData(-2)]
    [InlineData(8589934592)]
    [InlineData(2147483648)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void A_number_out_of_range_says_nothing(double value) => Assert.False(EbtNote.TryDecode(value, out _));

    [Fact]
    public void Only_feeds_are_read_from_a_packet()
    {
        string feed = $"@{Convert.ToBase64String(new byte[32])}.ed25519";
        JsValue packet = JsValue.Parse($$"""{"hello":4,"@x":2,"{{feed}}":8}""");
        Assert.Equal([(feed, new EbtNote(4, true))], EbtPackets.Notes(packet));
        Assert.Equal([(feed, new EbtNote(4, true))], EbtPackets.Notes(JsValue.Parse("{\"clock\":" + packet.ToJson() + "}")));
        Assert.Equal([(feed, EbtNote.Refusal)], EbtPackets.Notes(JsValue.Parse($$"""{"{{feed}}":"x"}""")));
        Assert.Empty(EbtPackets.Notes(JsValue.Parse("[1,2]")));
    }

    [Theory]
    [InlineData("""{"author":"@x","sequence":1,"content":{}}""", true)]
    [InlineData("""{"author":"@x","sequence":1,"content":"c.box"}""", true)]
    [InlineData("""{"author":"@x","sequence":0,"content":{}}""", false)]
    [InlineData("""{"author":"@x","sequence":1.5,"content":{}}""", false)]
    [InlineData("""{"author":"@x","sequence":1}""", false)]
    [InlineData("[1]", false)]
    public void A_message_has_an_author_a_sequence_and_content(string json, bool isMessage) =>
        Assert.Equal(isMessage, EbtPackets.IsMessage(JsValue.Parse(json)));
}
