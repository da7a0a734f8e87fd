using Flume.TestKit;
using Xunit;

namespace Flume.Log.Tests;

/// <summary>Bulk reads in batches.</summary>
public sealed class LogScannerTests : IDisposable
{
    private readonly TempLog _temp = new();

    public void Dispose() => _temp.Dispose();

    [Fact]
    public void Runs_give_what_the_cursor_gives_also_for_records_larger_than_a_run()
    {
        using OffsetLog log = Fill(count: 300);

        Assert.Equal(log.All(), Scan(log, Offset.None, log.Head), ByContent.Instance);
    }

    [Fact]
    public void A_scan_starts_after_one_record_and_ends_with_another()
    {
        using OffsetLog log = Fill(count: 40);
        long[] offsets = log.Offsets();

        var read = Scan(log, new Offset(offsets[3]), new Offset(offsets[30]));

        Assert.Equal(offsets[4..31], read.Select(entry => entry.Offset));
        Assert.Empty(Scan(log, log.Head, log.Head));
        Assert.Empty(Scan(log, Offset.None, Offset.None));
    }

    [Fact]
    public async Task Several_threads_share_one_scan_and_their_runs_can_be_put_in_order()
    {
        using OffsetLog log = Fill(count: 300);
        var scanner = new LogScanner(log, Offset.None, log.Head);
        var runs = new System.Collections.Concurrent.ConcurrentDictionary<long, long[]>();

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            using var run = new RecordBatch();
            while (scanner.ReadRun(run))
                runs[run.Index] = [.. run.Records.ToArray().Select(record => record.Offset.Value)];
        })));

        Assert.Equal(log.Offsets(), runs.OrderBy(run => run.Key).SelectMany(run => run.Value));
    }

    private OffsetLog Fill(int count)
    {
        OffsetLog log = _temp.Open(OffsetWidth.Bits48);
        var random = new Random(7);
        for (int i = 0; i < count; i++)
        {
            byte[] payload = new byte[i == 20 ? 6 << 20 : random.Next(1, 100_000)];
            random.NextBytes(payload);
            payload[^1] = 1;
            log.Append(payload, Durability.Os);
        }

        log.Delete(new Offset(log.Offsets()[10]), Durability.Os);
        return log;
    }

    private static List<(long Offset, byte[] Payload)> Scan(OffsetLog log, Offset after, Offset through)
    {
        var read = new List<(long, byte[])>();
        var scanner = new LogScanner(log, after, through);
        using var run = new RecordBatch();
        while (scanner.ReadRun(run))
        {
            foreach (RunRecord record in run.Records)
                read.Add((record.Offset.Value, run.Payload(record).ToArray()));
        }

        return read;
    }

    private sealed class ByContent : IEqualityComparer<(long Offset, byte[] Payload)>
    {
        public static readonly ByContent Instance = new();

        public bool Equals((long Offset, byte[] Payload) a, (long Offset, byte[] Payload) b) =>
            a.Offset == b.Offset && a.Payload.AsSpan().SequenceEqual(b.Payload);

        public int GetHashCode((long Offset, byte[] Payload) entry) => entry.Offset.GetHashCode();
    }
}
