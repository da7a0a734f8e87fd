using System.Text;
using System.Text.Json;
using Flume.TestKit;
using Xunit;

namespace Flume.Log.Tests;

/// <summary>Appends, reads and deletes with the same bytes as flumelog-offset.</summary>
public sealed class OffsetLogTests : IDisposable
{
    private readonly TempLog _temp = new();

    public void Dispose() => _temp.Dispose();

    [Theory]
    [InlineData(
        OffsetWidth.Bits32,
        "000000077b2261223a317d0000000700000013000000087b2262223a32327d0000000800000027",
        19)]
    [InlineData(
        OffsetWidth.Bits48,
        "000000077b2261223a317d00000007000000000015000000087b2262223a32327d0000000800000000002b",
        21)]
    [InlineData(
        OffsetWidth.Bits53,
        "000000077b2261223a317d000000070000000000000017000000087b2262223a32327d00000008000000000000002f",
        23)]
    public void The_bytes_are_those_of_the_JavaScript_log(OffsetWidth width, string expected, long second)
    {
        IReadOnlyList<Offset> offsets = _temp.Write(width, TempLog.Text("{\"a\":1}"), TempLog.Text("{\"b\":22}"));

        Assert.Equal([Offset.Zero, new Offset(second)], offsets);
        Assert.Equal(expected, Convert.ToHexStringLower(_temp.Bytes()));
        using OffsetLog reopened = _temp.Open();
        Assert.Equal(width, reopened.Width);
        Assert.Equal(new Offset(second), reopened.Head);
    }

    [Fact]
    public void Every_offset_of_the_golden_log_is_found_again()
    {
        using OffsetLog log = OffsetLog.Open(
            TempLog.RepositoryPath("tests", "vectors", "small", "log.offset"), new LogOptions { ReadOnly = true });
        using JsonDocument golden = JsonDocument.Parse(
            File.ReadAllText(TempLog.RepositoryPath("tests", "vectors", "small", "golden", "offsets.json")));

        var read = log.All();

        Assert.Equal(golden.RootElement.GetArrayLength(), read.Count);
        for (int i = 0; i < read.Count; i++)
        {
            JsonElement row = golden.RootElement[i];
            Assert.Equal(row[0].GetInt64(), read[i].Offset);
            Assert.StartsWith($"{{\"key\":\"{row[1].GetString()}\"", Encoding.UTF8.GetString(read[i].Payload));
            Assert.Equal(read[i].Payload, log.Get(new Offset(read[i].Offset)).Payload.ToArray());
        }

        Assert.Equal(OffsetWidth.Bits32, log.Width);
        Assert.False(log.Recovery.Torn);
    }

    [Fact]
    public void A_new_log_is_empty_and_its_first_record_has_offset_zero()
    {
        using OffsetLog log = _temp.Open();

        Assert.Equal((Offset.None, 0L, OffsetWidth.Bits32), (log.Head, log.EndPosition, log.Width));
        Assert.Equal(Offset.Zero, log.Append(TempLog.Text("x"), Durability.Fsync));
    }

    [Fact]
    public void An_append_of_nothing_changes_nothing()
    {
        using OffsetLog log = _temp.Open();
        log.AppendAll(TempLog.Text("x"));

        AppendResult result = log.Append([], Durability.Os);

        Assert.Empty(result.Offsets);
        Assert.Equal((log.Head, 13L), (result.Head, result.EndPosition));
    }

    [Fact]
    public void An_append_that_expects_another_head_writes_nothing_and_names_both()
    {
        using OffsetLog log = _temp.Open();
        Offset first = log.Append([TempLog.Text("1")], Durability.Os, Offset.None).Head;
        LogHeadMovedException moved = Assert.Throws<LogHeadMovedException>(
            () => log.Append([TempLog.Text("2")], Durability.Os, Offset.None));
        Assert.Equal((Offset.None, first), (moved.Expected, moved.Head));
        Assert.Equal(first, log.Head);
        Offset second = log.Append([TempLog.Text("2")], Durability.Os, first).Head;
        Assert.Equal(second, log.Head);
        Assert.True(second > first);
    }

    [Fact]
    public void Threads_that_count_by_expected_heads_lose_no_count()
    {
        using OffsetLog log = _temp.Open();
        log.Append(TempLog.Text("0"), Durability.Memory);
        Parallel.For(0, 4, _ =>
        {
            for (int added = 0; added < 100;)
            {
                Offset head = log.Head;
                int count = int.Parse(log.Get(head).Payload.Span);
                try
                {
                    log.Append([TempLog.Text($"{count + 1}")], Durability.Memory, head);
                    added++;
                }
                catch (LogHeadMovedException)
                {
                    // Another thread counted first: decide again.
                }
            }
        });
        Assert.Equal("400", Encoding.UTF8.GetString(log.Get(log.Head).Payload.Span));
    }

    [Fact]
    public void A_batch_with_an_empty_payload_is_rejected_whole()
    {
        using OffsetLog log = _temp.Open();

        var rejected = Assert.Throws<LogRejectedException>(() => log.AppendAll(TempLog.Text("x"), []));

        Assert.Contains("payload 1 has no bytes", rejected.Message);
        Assert.Empty(_temp.Bytes());
    }

    [Fact]
    public void A_record_is_read_only_from_where_one_starts()
    {
        using OffsetLog log = _temp.Open();
        log.AppendAll(TempLog.Text("first"), TempLog.Text("second"));

        Assert.Equal("second", Encoding.UTF8.GetString(log.Get(new Offset(17)).Payload.Span));
        Assert.Throws<LogOffsetException>(() => log.Get(new Offset(5)));
        Assert.Throws<LogOffsetException>(() => log.Get(Offset.None));
        Assert.Throws<LogOffsetException>(() => log.Get(new Offset(35)));
        Assert.False(log.TryRead(new Offset(35), out _));
    }

    [Fact]
    public void Next_and_previous_walk_the_log_both_ways()
    {
        using OffsetLog log = _temp.Open();
        IReadOnlyList<Offset> offsets = log.AppendAll(TempLog.Text("a"), TempLog.Text("bb"), TempLog.Text("ccc"));

        Assert.Equal(Offset.Zero, log.Next(Offset.None));
        Assert.Equal(offsets[1], log.Next(offsets[0]));
        Assert.Equal(log.EndPosition, log.Next(offsets[2]).Value);
        Assert.Equal(offsets[2], log.Previous(new Offset(log.EndPosition)));
        Assert.Equal(offsets[0], log.Previous(offsets[1]));
        Assert.Equal(Offset.None, log.Previous(offsets[0]));
    }

    [Fact]
    public void A_deleted_record_keeps_its_place_and_is_skipped()
    {
        using OffsetLog log = _temp.Open();
        IReadOnlyList<Offset> offsets = log.AppendAll(TempLog.Text("a"), TempLog.Text("bb"), TempLog.Text("ccc"));
        long length = log.EndPosition;

        log.Delete(offsets[1], Durability.Fsync);
        log.Delete(offsets[1], Durability.Os);

        Assert.Throws<LogDeletedException>(() => log.Get(offsets[1]));
        Assert.True(log.TryRead(offsets[1], out LogRecord record) && record.Deleted);
        Assert.Equal([offsets[0].Value, offsets[2].Value], log.Offsets());
        Assert.Equal(3, log.Offsets(new LogRange { IncludeDeleted = true }).Length);
        Assert.Equal(length, _temp.Bytes().Length);
    }

    [Fact]
    public void Payloads_stay_readable_while_the_log_grows_and_after_it_is_closed()
    {
        ReadOnlyMemory<byte> held;
        var smallWindows = new LogOptions { MapChunkBytes = 1 << 20, RecordBytesMax = 1 << 20 };
        using (OffsetLog log = OffsetLog.Open(_temp.Path, smallWindows))
        {
            log.Append(TempLog.Text("kept"), Durability.Os);
            held = log.Get(Offset.Zero).Payload;
            byte[] large = new byte[900_000];
            for (int i = 0; i < 8; i++)
            {
                large.AsSpan().Fill((byte)(i + 1));
                Offset offset = log.Append(large, Durability.Os);
                Assert.Equal(large, log.Get(offset).Payload.ToArray());
            }

            Assert.Equal(9, log.All().Count);
        }

        GC.Collect();
        Assert.Equal("kept", Encoding.UTF8.GetString(held.Span));
    }
}
