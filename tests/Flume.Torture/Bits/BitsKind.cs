using Flume.Log;

namespace Flume.Torture.Bits;

/// <summary>Every bit of a block with a checksum: each flip is noticed, or nothing that is served differs.</summary>
internal sealed class BitsKind : IKind
{
    private const int BlockBytes = 65536;

    public string Name => "bits";

    public string What => "each of the 524,288 bits of a block with a checksum flips once: it is noticed, never served";

    public double Weight => 2;

    public string? Lacks => null;

    public Task RunAsync(TortureRun run)
    {
        string folder = run.MemoryFolder("base");
        SealedLog original = SealedLog.Make(folder, run.Options.Seed);
        int workers = Math.Min(2, Environment.ProcessorCount);
        Parallel.For(0, workers, worker =>
        {
            using FlippedLog flipped = new(original, run.MemoryFolder($"w{worker}"));
            // With less time than all bits need, the bits are spread evenly.
            foreach (int bit in Spread(BlockBytes * 8, run.Options.Seed, worker, workers))
            {
                if (run.IsOver) break;
                run.Count();
                if (flipped.Try(bit) is { } wrong)
                    run.Violate(run.Options.Seed, wrong, $"bit {bit % 8} of byte {bit / 8}");
            }
        });
        return Task.CompletedTask;
    }

    // An odd step visits each bit of a power of two once.
    private static IEnumerable<int> Spread(int bits, int seed, int worker, int workers)
    {
        const int step = 200_003;
        for (int i = worker; i < bits; i += workers)
            yield return (int)(((long)i * step + seed) % bits);
    }
}

/// <summary>A log with one block that has a checksum, and a rest without.</summary>
internal sealed record SealedLog(byte[] Bytes, byte[] Checksums, byte[]? Mark, IReadOnlyList<LogRecord> Records)
{
    public static SealedLog Make(string folder, int seed)
    {
        string path = Path.Combine(folder, "log.offset");
        var random = new Random(seed);
        using (OffsetLog log = OffsetLog.Open(path))
        {
            while (log.EndPosition < 70_000) log.Append(Payload(random), Durability.Os);
            while (log.AddChecksums())
            {
            }
        }

        using OffsetLog sealedLog = OffsetLog.Open(path, new LogOptions { ReadOnly = true });
        List<LogRecord> records = [];
        foreach (LogRecord record in sealedLog.Read(LogRange.All)) records.Add(record);
        string mark = path + ".synced";
        byte[]? synced = File.Exists(mark) ? File.ReadAllBytes(mark) : null;
        return new SealedLog(File.ReadAllBytes(path), File.ReadAllBytes(path + ".crc"), synced, records);
    }

    private static byte[] Payload(Random random)
    {
        byte[] payload = new byte[random.Next(20, 900)];
        for (int i = 0; i < payload.Length; i++) payload[i] = (byte)random.Next(' ', '~');
        return payload;
    }
}

/// <summary>A copy of a log with checksums in which one bit at a time is flipped.</summary>
internal sealed class FlippedLog : IDisposable
{
    private readonly SealedLog _original;
    private readonly string _path;
    private readonly FileStream _file;

    public FlippedLog(SealedLog original, string folder)
    {
        (_original, _path) = (original, Path.Combine(folder, "log.offset"));
        File.WriteAllBytes(_path, original.Bytes);
        File.WriteAllBytes(_path + ".crc", original.Checksums);
        if (original.Mark is not null) File.WriteAllBytes(_path + ".synced", original.Mark);
        _file = new FileStream(_path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete, 0);
    }

    /// <summary>What is wrong with the flipped bit; null when it is noticed.</summary>
    public string? Try(int bit)
    {
        byte flipped = (byte)(_original.Bytes[bit / 8] ^ (1 << bit % 8));
        Write(bit / 8, flipped);
        try
        {
            return Serves() ?? (Verifies() ? "a flipped bit is not noticed by verify" : null);
        }
        finally
        {
            Write(bit / 8, _original.Bytes[bit / 8]);
        }
    }

    public void Dispose() => _file.Dispose();

    private void Write(int position, byte value)
    {
        _file.Position = position;
        _file.WriteByte(value);
    }

    // Reading must end with an error before it serves anything that was not written.
    private string? Serves()
    {
        int at = 0;
        try
        {
            using OffsetLog log = OffsetLog.Open(_path, new LogOptions { ReadOnly = true });
            foreach (LogRecord record in log.Read(LogRange.All))
            {
                LogRecord sent = _original.Records[at++];
                if (record.Offset != sent.Offset || !record.Payload.Span.SequenceEqual(sent.Payload.Span))
                    return "a flipped bit is served";
            }

            bool isWhole = at == _original.Records.Count;
            return isWhole ? "a flipped bit is read as nothing" : "records are missing without an error";
        }
        catch (LogException)
        {
            return null;
        }
    }

    private bool Verifies()
    {
        try
        {
            using OffsetLog log = OffsetLog.Open(_path, new LogOptions { ReadOnly = true });
            return LogVerifier.Verify(log) is { Sound: true, TornBytes: 0 };
        }
        catch (LogException)
        {
            return false;
        }
    }
}
