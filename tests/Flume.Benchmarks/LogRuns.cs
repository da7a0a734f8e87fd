using Flume.Log;
using Flume.Ssb.Messages;
using Microsoft.Win32.SafeHandles;

namespace Flume.Benchmarks;

/// <summary>The log alone: read front to back, read at random, appended to.</summary>
internal static class LogRuns
{
    private const int BatchRecords = 1000;

    public static void Scan(Identity identity, bool decode)
    {
        using OffsetLog log = identity.OpenLog();
        for (int round = 0; round < 5; round++)
        {
            Meter meter = new();
            MessageDecoder decoder = new();
            using RecordBatch run = new();
            LogScanner scanner = new(log, Offset.None, log.Head);
            long records = 0;
            while (scanner.ReadRun(run))
            {
                foreach (RunRecord record in run.Records)
                    if (decode) decoder.Decode(record.Offset, run.Payload(record));
                records += run.Frames;
            }

            meter.Print(decode ? "decode" : "scan", records);
        }
    }

    public static void Get(Identity identity, int count)
    {
        using OffsetLog log = identity.OpenLog();
        Offset[] offsets = Offsets(log);
        Random random = new(1);
        Meter meter = new();
        for (int i = 0; i < count; i++) log.Get(offsets[random.Next(offsets.Length)]);
        meter.Print("get", count);
    }

    public static void Append(Identity identity, int count)
    {
        ReadOnlyMemory<byte>[] payloads = [.. Payloads(identity)];
        foreach (Durability durability in Enum.GetValues<Durability>())
        {
            string path = Path.Combine(identity.Folder, "append.offset");
            using (OffsetLog log = OffsetLog.Open(path))
            {
                Meter meter = new();
                for (int done = 0; done < count; done += payloads.Length) log.Append(payloads, durability);
                meter.Print($"append {durability}", count);
            }

            foreach (string file in Directory.GetFiles(identity.Folder, "append.offset*")) File.Delete(file);
        }

        Floor(identity, payloads, count);
    }

    /// <summary>The same bytes written and synced with nothing around: what the device allows.</summary>
    private static void Floor(Identity identity, ReadOnlyMemory<byte>[] payloads, int count)
    {
        string path = Path.Combine(identity.Folder, "append.floor");
        byte[] bytes = new byte[payloads.Sum(payload => payload.Length + 12)];
        using (SafeFileHandle file = File.OpenHandle(path, FileMode.Create, FileAccess.Write))
        {
            Meter meter = new();
            for (int done = 0; done < count; done += payloads.Length)
            {
                RandomAccess.Write(file, bytes, (long)(done / payloads.Length) * bytes.Length);
                RandomAccess.FlushToDisk(file);
            }

            meter.Print("bare write and fsync", count);
        }

        File.Delete(path);
    }

    private static IEnumerable<ReadOnlyMemory<byte>> Payloads(Identity identity)
    {
        using OffsetLog log = identity.OpenLog();
        foreach (Offset offset in Offsets(log).Take(BatchRecords)) yield return log.Get(offset).Payload.ToArray();
    }

    /// <summary>Where each record of a log starts.</summary>
    public static Offset[] Offsets(OffsetLog log)
    {
        List<Offset> offsets = [];
        using RecordBatch run = new();
        LogScanner scanner = new(log, Offset.None, log.Head);
        while (scanner.ReadRun(run))
            foreach (RunRecord record in run.Records) offsets.Add(record.Offset);
        return [.. offsets];
    }
}
