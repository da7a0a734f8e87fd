using Flume.TestKit;
using Xunit;

namespace Flume.Log.Tests;

/// <summary>Simulated file images after power loss at any moment. Each contains all acknowledged records.</summary>
public sealed class LogCrashTests
{
    [Fact]
    public void Synced_appends_survive_power_loss_at_any_step() => TestSeed.Run(15, random =>
    {
        using var temp = new TempLog();
        var disk = new FaultyDisk();
        var options = new LogOptions { Disk = disk, Width = OffsetWidths.All[random.Next(3)] };
        var written = new List<byte[]>();
        var acknowledged = new List<(int Step, int Records)> { (0, 0) };
        using (OffsetLog log = OffsetLog.Open(temp.Path, options))
        {
            for (int i = 0; i < 12; i++)
            {
                byte[][] batch = [.. Enumerable.Range(0, random.Next(1, 5)).Select(_ => Payload(random))];
                written.AddRange(batch);
                Durability durability = random.Next(2) == 0 ? Durability.Fsync : Durability.Os;
                log.Append([.. batch.Select(payload => new ReadOnlyMemory<byte>(payload))], durability);
                if (durability == Durability.Fsync)
                    acknowledged.Add((disk.Steps.Count, written.Count));
            }
        }

        for (int step = 0; step <= disk.Steps.Count; step++)
        {
            byte[] image = disk.Image(temp.Path, step, random);
            int safe = acknowledged.Last(acknowledgement => acknowledgement.Step <= step).Records;
            AssertPrefix(image, written, safe, options.Width!.Value);
        }
    });

    [Fact]
    public void Recovery_cuts_no_bytes_before_they_are_kept_wherever_it_crashes() => TestSeed.Run(15, random =>
    {
        using var temp = new TempLog();
        byte[][] payloads = [.. Enumerable.Range(0, 5).Select(_ => Payload(random))];
        IReadOnlyList<Offset> offsets = temp.Write(OffsetWidth.Bits32, payloads);
        byte[] torn = temp.Bytes()[..^random.Next(1, payloads[4].Length + 11)];
        File.WriteAllBytes(temp.Path, torn);
        var disk = new FaultyDisk();
        string kept;
        using (OffsetLog log = OffsetLog.Open(temp.Path, new LogOptions { Disk = disk }))
            kept = log.Recovery.CutFile!;

        for (int step = 0; step <= disk.Steps.Count; step++)
        {
            // The log was completely on disk before recovery, so only recovery's own writes can be missing.
            bool cut = disk.Steps.Take(step).Any(done => done.IsCut && done.Path == temp.Path);
            byte[] side = disk.Image(kept, step, random);
            Assert.True(!cut || side.AsSpan().SequenceEqual(torn.AsSpan((int)offsets[4].Value)), "cut, but not kept");
        }

        AssertPrefix(torn, [.. payloads], 4, OffsetWidth.Bits32);
    });

    private static void AssertPrefix(byte[] image, List<byte[]> written, int safe, OffsetWidth width)
    {
        using var temp = new TempLog();
        File.WriteAllBytes(temp.Path, image);
        using OffsetLog log = temp.Open(width);
        var read = log.All();
        Assert.InRange(read.Count, safe, written.Count);
        for (int i = 0; i < read.Count; i++)
            Assert.Equal(written[i], read[i].Payload);
    }

    private static byte[] Payload(Random random)
    {
        byte[] payload = new byte[random.Next(1, 100)];
        random.NextBytes(payload);
        payload[^1] |= 1;
        return payload;
    }
}
