using Flume.TestKit;
using Xunit;

namespace Flume.Log.Tests;

/// <summary>Compares every range option with a model that uses a list.</summary>
public sealed class LogRangeTests : IDisposable
{
    private readonly TempLog _temp = new();

    public void Dispose() => _temp.Dispose();

    [Fact]
    public void Any_range_of_any_log_reads_as_the_model_says() => TestSeed.Run(150, random =>
    {
        using var own = new TempLog();
        using OffsetLog log = own.Open(OffsetWidths.All[random.Next(3)]);
        List<ModelRecord> model = Fill(log, random);
        for (int i = 0; i < 40; i++)
        {
            LogRange range = AnyRange(random, model, log.EndPosition);
            if (StartsInsideRecord(range, model))
            {
                Assert.Throws<LogOffsetException>(() => log.Read(range));
                continue;
            }

            long[] expected = Expected(range, model);
            Assert.True(expected.SequenceEqual(log.Offsets(range)), $"{range} of {model.Count} records: expected " +
                $"{string.Join(' ', expected)}, read {string.Join(' ', log.Offsets(range))}");
        }
    });

    [Fact]
    public void An_upper_bound_inside_a_record_gives_nothing_beyond_it()
    {
        using OffsetLog log = _temp.Open();
        log.AppendAll("aaaaaaa"u8.ToArray(), "aaaaaaa"u8.ToArray(), "a"u8.ToArray());

        Assert.Equal([0, 19], log.Offsets(new LogRange { Lte = new Offset(30) }));
        Assert.Equal([19, 0], log.Offsets(new LogRange { Lte = new Offset(30), Reverse = true }));
    }

    [Fact]
    public void Reverse_from_beyond_the_head_starts_at_the_head()
    {
        using OffsetLog log = _temp.Open();
        log.AppendAll("a"u8.ToArray(), "b"u8.ToArray());

        Assert.Equal([13, 0], log.Offsets(new LogRange { Lt = new Offset(1_000_000), Reverse = true }));
    }

    [Fact]
    public void Reading_from_inside_a_record_is_refused_with_a_way_out()
    {
        using OffsetLog log = _temp.Open();
        log.AppendAll("aaaaaaa"u8.ToArray(), "b"u8.ToArray());

        var error = Assert.Throws<LogOffsetException>(() => log.Read(new LogRange { Gte = new Offset(5) }));

        Assert.Contains("gte 5", error.Message);
        Assert.Contains("or -1 for the beginning", error.Message);
    }

    [Theory]
    [InlineData(17)]
    [InlineData(200)]
    public void Reading_from_inside_a_record_is_refused_even_where_its_length_looks_like_an_end(int length)
    {
        using OffsetLog log = _temp.Open(OffsetWidth.Bits32);
        // The second record starts at its length minus four, so its first field equals the position after it.
        int first = length - 4 - 12;
        byte[] payload = [.. Enumerable.Repeat((byte)1, length)];
        log.AppendAll(payload[..first], payload, payload);
        Assert.Equal([0, length - 4, 2 * length + 8], log.Offsets(LogRange.All));

        Assert.Throws<LogOffsetException>(() => log.Read(new LogRange { Gte = new Offset(length) }));
        Assert.Throws<LogOffsetException>(() => log.TryRead(new Offset(length), out _));
    }

    [Fact]
    public void A_live_cursor_goes_on_where_it_stopped()
    {
        using OffsetLog log = _temp.Open();
        log.AppendAll("a"u8.ToArray());
        LogCursor cursor = log.Read(new LogRange { Live = true, Limit = 2 });

        Assert.True(cursor.MoveNext());
        Assert.False(cursor.MoveNext() || cursor.Done);
        log.AppendAll("b"u8.ToArray(), "c"u8.ToArray());
        Assert.True(cursor.MoveNext());
        Assert.Equal(new Offset(13), cursor.Current.Offset);
        Assert.True(cursor.Done && !cursor.MoveNext());
    }

    [Fact]
    public void A_cursor_that_is_not_live_never_passes_the_head_of_its_call()
    {
        using OffsetLog log = _temp.Open();
        log.AppendAll("a"u8.ToArray());
        LogCursor cursor = log.Read(LogRange.All);
        log.AppendAll("b"u8.ToArray());

        Assert.True(cursor.MoveNext());
        Assert.False(cursor.MoveNext());
    }

    [Fact]
    public async Task Old_false_on_an_empty_log_waits_for_the_first_record()
    {
        using OffsetLog log = _temp.Open();
        var range = new LogRange { Old = false, Limit = 1 };
        await using IAsyncEnumerator<LogEntry> stream = log.ReadAsync(range).GetAsyncEnumerator();

        ValueTask<bool> first = stream.MoveNextAsync();
        Assert.False(first.IsCompleted);
        log.AppendAll("a"u8.ToArray());

        Assert.True(await first);
        Assert.Equal(Offset.Zero, stream.Current.Offset);
        Assert.False(await stream.MoveNextAsync());
    }

    [Fact]
    public async Task A_live_stream_gives_old_records_then_new_ones_and_ends_when_cancelled()
    {
        using OffsetLog log = _temp.Open();
        log.AppendAll("a"u8.ToArray());
        using var cancellation = new CancellationTokenSource();
        await using IAsyncEnumerator<LogEntry> stream =
            log.ReadAsync(new LogRange { Live = true }, cancellation.Token).GetAsyncEnumerator();

        Assert.True(await stream.MoveNextAsync());
        ValueTask<bool> next = stream.MoveNextAsync();
        log.AppendAll("b"u8.ToArray());
        Assert.True(await next);
        Assert.Equal(new Offset(13), stream.Current.Offset);
        next = stream.MoveNextAsync();
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await next);
    }

    [Fact]
    public async Task Closing_the_log_wakes_whoever_waits_for_its_head()
    {
        OffsetLog log = _temp.Open();
        Task<Offset> waiting = log.WaitForHeadAsync(Offset.None).AsTask();

        log.Dispose();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => waiting);
    }

    private static List<ModelRecord> Fill(OffsetLog log, Random random)
    {
        var model = new List<ModelRecord>();
        for (int batch = random.Next(6); batch > 0; batch--)
        {
            byte[][] payloads = [.. Enumerable.Range(0, random.Next(1, 6)).Select(_ => Payload(random))];
            IReadOnlyList<Offset> offsets = log.AppendAll(payloads);
            for (int i = 0; i < payloads.Length; i++)
                model.Add(new ModelRecord(offsets[i].Value, payloads[i].All(b => b == 0)));
        }

        for (int i = 0; i < model.Count; i++)
        {
            if (random.Next(4) > 0)
                continue;
            log.Delete(new Offset(model[i].Offset), Durability.Os);
            model[i] = model[i] with { Deleted = true };
        }

        return model;
    }

    private static byte[] Payload(Random random)
    {
        byte[] payload = new byte[random.Next(1, 40)];
        if (random.Next(10) > 0)
            random.NextBytes(payload);
        return payload;
    }

    private static LogRange AnyRange(Random random, List<ModelRecord> model, long end) => new()
    {
        Gt = Bound(random, model, end),
        Gte = Bound(random, model, end),
        Lt = Bound(random, model, end),
        Lte = Bound(random, model, end),
        Reverse = random.Next(2) == 0,
        Limit = random.Next(-1, 5),
        IncludeDeleted = random.Next(4) == 0,
    };

    private static Offset? Bound(Random random, List<ModelRecord> model, long end) => random.Next(10) switch
    {
        0 or 1 or 2 when model.Count > 0 => new Offset(model[random.Next(model.Count)].Offset),
        3 => new Offset(random.NextInt64(-3, end + 10)),
        4 => Offset.None,
        _ => null,
    };

    private static bool StartsInsideRecord(LogRange range, List<ModelRecord> model)
    {
        if (range.Reverse || (range.Gt ?? range.Gte) is not { } bound || bound.Value < 0 || (bound == Offset.Zero))
            return false;
        long head = model.Count > 0 ? model[^1].Offset : -1;
        bool aboveHead = range.Gt is null ? bound.Value > head : bound.Value >= head;
        return !aboveHead && model.TrueForAll(record => record.Offset != bound.Value);
    }

    private static long[] Expected(LogRange range, List<ModelRecord> model)
    {
        IEnumerable<ModelRecord> records = model;
        if (range.Gt is { } gt)
            records = records.Where(record => record.Offset > gt.Value);
        else if (range.Gte is { } gte)
            records = records.Where(record => record.Offset >= gte.Value);
        if (range.Lt is { } lt)
            records = records.Where(record => record.Offset < lt.Value);
        else if (range.Lte is { } lte)
            records = records.Where(record => record.Offset <= lte.Value);
        if (!range.IncludeDeleted)
            records = records.Where(record => !record.Deleted);
        if (range.Reverse)
            records = records.Reverse();
        if (range.Limit > 0)
            records = records.Take((int)range.Limit);
        return [.. records.Select(record => record.Offset)];
    }

    private sealed record ModelRecord(long Offset, bool Deleted);
}
