using System.Buffers;
using System.IO.Pipelines;
using Flume.Muxrpc.Handshake;
using Flume.Ssb.Crypto;
using Flume.TestKit;
using Xunit;

namespace Flume.Muxrpc.Tests;

/// <summary>The encrypted connection after a handshake (docs/spec 6.4).</summary>
public sealed class BoxStreamTests
{
    private static readonly byte[] LeftKey = Fill(1, 32), RightKey = Fill(2, 32);
    private static readonly byte[] LeftTag = Fill(255, 32), RightTag = Fill(4, 32);

    [Theory]
    [InlineData(1)]
    [InlineData(4096)]
    [InlineData(4097)]
    [InlineData(1_000_000)]
    public async Task What_goes_in_comes_out_in_both_directions(int length)
    {
        byte[] bytes = Noise(length);
        (Duplex left, Duplex right) = Duplex.Pair();
        BoxStream one = new(left, Keys(LeftKey, LeftTag, RightKey, RightTag), default);
        BoxStream other = new(right, Keys(RightKey, RightTag, LeftKey, LeftTag), default);
        Task<byte[]> there = ReadAsync(other.Input), back = ReadAsync(one.Input);
        await Task.WhenAll(WriteAsync(one, bytes), WriteAsync(other, bytes));
        Assert.Equal(bytes, await there);
        Assert.Equal(bytes, await back);
        await Task.WhenAll(one.DisposeAsync().AsTask(), other.DisposeAsync().AsTask());
    }

    [Fact]
    public async Task Pieces_have_a_header_of_34_bytes_and_the_end_is_a_header_of_zeros()
    {
        byte[] sent = await EncryptAsync(Noise(5000));
        Assert.Equal(34 + 4096 + 34 + 904 + 34, sent.Length);
    }

    [Fact]
    public async Task A_connection_that_is_cut_is_not_taken_for_the_end()
    {
        byte[] sent = await EncryptAsync(Noise(5000));
        foreach (int length in new[] { 0, 10, 34, 100, 34 + 4096, sent.Length - 34, sent.Length - 1 })
            await Assert.ThrowsAsync<IOException>(() => DecryptAsync(sent[..length]));
        Assert.Equal(5000, (await DecryptAsync(sent)).Length);
    }

    [Fact]
    public async Task A_changed_byte_anywhere_ends_the_stream_before_anything_wrong_comes_out()
    {
        byte[] plain = Noise(50), sent = await EncryptAsync(plain);
        for (int at = 0; at < sent.Length; at++)
        {
            byte[] spoilt = [.. sent];
            spoilt[at] ^= 0x80;
            await Assert.ThrowsAsync<IOException>(() => DecryptAsync(spoilt));
        }
    }

    [Fact]
    public async Task A_piece_of_no_bytes_or_too_many_is_refused()
    {
        foreach (int length in new[] { 0, 4097, 65535 })
        {
            byte[] header = new byte[BoxWriter.HeaderPlainBytes];
            header[0] = (byte)(length >> 8);
            header[1] = (byte)length;
            header[5] = 1;
            SessionKeys keys = Keys(LeftKey, LeftTag, RightKey, RightTag);
            byte[] box = new byte[BoxWriter.HeaderBytes];
            Sodium.Box(header, keys.EncryptNonce, keys.EncryptKey, box);
            IOException error = await Assert.ThrowsAsync<IOException>(() => DecryptAsync(box));
            Assert.Contains("1 to 4096", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_rest_is_asked_for_when_a_piece_lags_behind_its_header()
    {
        byte[] boxed = await EncryptAsync([1, 2, 3]);
        Pipe input = new(), output = new();
        TaskCompletionSource asked = new();
        BoxReader reader = new(Keys(RightKey, RightTag, LeftKey, LeftTag), () => asked.TrySetResult());
        Task running = reader.RunAsync(input.Reader, output.Writer, default);
        await input.Writer.WriteAsync(boxed.AsMemory(0, BoxWriter.HeaderBytes));
        await asked.Task.WaitAsync(PacketPeer.Patience);
        await input.Writer.WriteAsync(boxed.AsMemory(BoxWriter.HeaderBytes));
        await running.WaitAsync(PacketPeer.Patience);
        await output.Writer.CompleteAsync();
        Assert.Equal([1, 2, 3], await ReadAsync(output.Reader));
    }

    [Fact]
    public void The_nonce_counts_from_its_last_byte_and_starts_over()
    {
        BoxNonce nonce = new(Fill(255, 24));
        nonce.Advance();
        Assert.Equal(new byte[24], nonce.Bytes.ToArray());
        nonce.Advance();
        Assert.Equal([.. new byte[23], 1], nonce.Bytes.ToArray());
    }

    private static async Task<byte[]> EncryptAsync(byte[] plain)
    {
        Pipe input = new(), output = new(new PipeOptions(pauseWriterThreshold: 0));
        await input.Writer.WriteAsync(plain);
        await input.Writer.CompleteAsync();
        await new BoxWriter(Keys(LeftKey, LeftTag, RightKey, RightTag)).RunAsync(input.Reader, output.Writer, default);
        await output.Writer.CompleteAsync();
        return await ReadAsync(output.Reader);
    }

    private static async Task<byte[]> DecryptAsync(byte[] boxed)
    {
        PipeOptions unbounded = new(pauseWriterThreshold: 0);
        Pipe input = new(unbounded), output = new(unbounded);
        await input.Writer.WriteAsync(boxed);
        await input.Writer.CompleteAsync();
        await new BoxReader(Keys(RightKey, RightTag, LeftKey, LeftTag)).RunAsync(input.Reader, output.Writer, default);
        await output.Writer.CompleteAsync();
        return await ReadAsync(output.Reader);
    }

    private static async Task WriteAsync(BoxStream stream, byte[] bytes)
    {
        await stream.Output.WriteAsync(bytes);
        await stream.Output.CompleteAsync();
    }

    private static async Task<byte[]> ReadAsync(PipeReader reader)
    {
        ArrayBufferWriter<byte> all = new();
        while (true)
        {
            ReadResult read = await reader.ReadAsync();
            foreach (ReadOnlyMemory<byte> piece in read.Buffer) all.Write(piece.Span);
            reader.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted) return all.WrittenSpan.ToArray();
        }
    }

    private static SessionKeys Keys(byte[] own, byte[] ownTag, byte[] peer, byte[] peerTag) =>
        new(Fill(9, 32), new HandshakeSide(own, ownTag), new HandshakeSide(peer, peerTag));

    private static byte[] Noise(int length)
    {
        byte[] bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        return bytes;
    }

    private static byte[] Fill(byte value, int length) => [.. Enumerable.Repeat(value, length)];
}
