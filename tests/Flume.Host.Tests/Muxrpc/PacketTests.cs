using System.IO.Pipelines;
using System.Text;
using Flume.Host.Muxrpc.Packets;
using Flume.Query.Json;
using Xunit;

namespace Flume.Host.Tests.Muxrpc;

/// <summary>Packets on the wire, byte by byte (docs/spec 6.2).</summary>
public sealed class PacketTests
{
    private static readonly PacketHeader Item = new(IsStream: true, IsEnd: false, default, 0, -5);

    [Theory]
    [InlineData("""{"a":[1,"x"]}""", "0a0000000dfffffffb", """{"a":[1,"x"]}""")]
    [InlineData("\"text\"", "0900000004fffffffb", "text")]
    [InlineData("\"\"", "0a00000002fffffffb", "\"\"")]
    [InlineData("null", "0a00000004fffffffb", "null")]
    [InlineData("true", "0a00000004fffffffb", "true")]
    public async Task A_value_is_written_as_JavaScript_writes_it(string json, string header, string body)
    {
        byte[] bytes = await WrittenAsync(writer => writer.SendAsync(Item, JsValue.Parse(json), default));
        Assert.Equal(header, Convert.ToHexStringLower(bytes.AsSpan(0, 9)));
        Assert.Equal(body, Encoding.UTF8.GetString(bytes.AsSpan(9)));
    }

    [Fact]
    public async Task Undefined_goes_as_false()
    {
        byte[] bytes = await WrittenAsync(writer => writer.SendAsync(Item, JsValue.Undefined, default));
        Assert.Equal("false", Encoding.UTF8.GetString(bytes.AsSpan(9)));
    }

    [Fact]
    public async Task No_bytes_are_not_sent_because_an_empty_body_means_goodbye() =>
        Assert.Empty(await WrittenAsync(async writer =>
        {
            await writer.WriteAsync(Item, ReadOnlyMemory<byte>.Empty, default);
            await writer.FlushAsync(default);
        }));

    [Fact]
    public async Task Goodbye_is_nine_zeros_and_the_last_thing_written() =>
        Assert.Equal(new byte[9], await WrittenAsync(async writer =>
        {
            await writer.CloseAsync(default);
            await writer.SendAsync(Item, JsValue.True, default);
        }));

    [Fact]
    public async Task A_value_that_is_no_JSON_leaves_nothing_on_the_connection()
    {
        JsValue broken = JsValue.Parse("""{"a":{"b" 1}}""");
        Assert.Empty(await WrittenAsync(async writer =>
        {
            await Assert.ThrowsAsync<JsSyntaxException>(async () => await writer.SendAsync(Item, broken, default));
            await writer.FlushAsync(default);
        }));
    }

    [Fact]
    public void A_header_survives_writing_and_reading()
    {
        byte[] bytes = new byte[PacketHeader.Size];
        foreach (BodyKind kind in Enum.GetValues<BodyKind>())
        {
            PacketHeader header = new(kind == BodyKind.Json, kind == BodyKind.Text, kind, uint.MaxValue, int.MinValue);
            header.Write(bytes);
            Assert.Equal(header, PacketHeader.Read(bytes));
        }
    }

    [Fact]
    public async Task A_packet_is_read_alike_however_its_bytes_arrive()
    {
        byte[] bytes = [0x0a, 0, 0, 0, 2, 0, 0, 0, 7, (byte)'4', (byte)'2', 0x09, 0, 0, 0, 1, 0, 0, 0, 7, (byte)'x'];
        for (int piece = 1; piece <= bytes.Length; piece++)
        {
            Pipe pipe = new();
            PacketReader reader = new(pipe.Reader, 100);
            Task<Packet> first = reader.ReadAsync(default).AsTask();
            for (int at = 0; at < bytes.Length; at += piece)
                await pipe.Writer.WriteAsync(bytes.AsMemory(at, Math.Min(piece, bytes.Length - at)));
            await pipe.Writer.CompleteAsync();
            Assert.Equal(42, (await first).ReadValue().AsNumber);
            Assert.Equal("x", (await reader.ReadAsync(default)).ReadValue().AsString);
            Assert.True((await reader.ReadAsync(default)).Header.IsGoodbye);
        }
    }

    [Fact]
    public async Task A_length_beyond_the_limit_is_refused_before_a_byte_of_it_is_read()
    {
        Pipe pipe = new();
        await pipe.Writer.WriteAsync(new byte[] { 0x02, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 3 });
        PacketException error = await Assert.ThrowsAsync<PacketException>(
            async () => await new PacketReader(pipe.Reader, 1000).ReadAsync(default));
        Assert.Equal(3, error.Request);
        Assert.Contains("4294967295 bytes; at most 1000", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_packet_that_is_cut_off_is_no_packet()
    {
        Pipe pipe = new();
        await pipe.Writer.WriteAsync(new byte[] { 0x02, 0, 0, 0, 9, 0, 0, 0, 3, (byte)'{' });
        await pipe.Writer.CompleteAsync();
        Assert.True((await new PacketReader(pipe.Reader, 1000).ReadAsync(default)).Header.IsGoodbye);
    }

    private static async Task<byte[]> WrittenAsync(Func<PacketWriter, ValueTask> write)
    {
        using MemoryStream bytes = new();
        PipeWriter output = PipeWriter.Create(bytes);
        await write(new PacketWriter(output));
        await output.CompleteAsync();
        return bytes.ToArray();
    }
}
