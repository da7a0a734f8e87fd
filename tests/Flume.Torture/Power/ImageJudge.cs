using Flume.Log;

namespace Flume.Torture.Power;

/// <summary>Opens an image as the next start does, and compares it with what was acknowledged.</summary>
internal sealed class ImageJudge(Attempt attempt, LogOptions options)
{
    private readonly string _folder = Path.Combine(attempt.MemoryFolder, "image");

    private string LogPath => Path.Combine(_folder, PowerImage.LogName);

    /// <summary>Counts the image and each violation that it shows.</summary>
    public void Judge(PowerImage image)
    {
        attempt.Run.Count();
        image.WriteTo(_folder);
        try
        {
            using (OffsetLog log = OffsetLog.Open(LogPath, options)) JudgeOpened(log, image);
            if (attempt.Random.Next(4) > 0) return;
            using OffsetLog again = OffsetLog.Open(LogPath, options);
            Compare(again, image, "opened again: ");
        }
        catch (Exception failed) when (failed is LogException or IOException)
        {
            Violate(image, $"an image fails with {failed.GetType().Name}", failed.Message);
        }
    }

    private void JudgeOpened(OffsetLog log, PowerImage image)
    {
        if (log.Recovery.Damage.IsSome)
            Violate(image, "bytes that nobody acknowledged count as damage", $"at {log.Recovery.Damage}");
        if (log.RefusesWritesBecause is { } refusal)
            Violate(image, "the log refuses appends after a power loss", refusal.Message);
        foreach (long offset in image.PendingDeletes) PowerImage.Settle(log, offset);
        Compare(log, image, "");
        while (log.AddChecksums())
        {
        }

        LogVerifyReport verified = LogVerifier.Verify(log);
        if (!verified.Sound) Violate(image, "verify finds damage", verified.Damage[0].Reason);
        byte[] next = "{\"next\":true}"u8.ToArray();
        Offset at = log.Append(next, Durability.Fsync);
        if (!log.Get(at).Payload.Span.SequenceEqual(next))
            Violate(image, "an append behind the image reads back wrong", $"{at}");
    }

    private void Compare(OffsetLog log, PowerImage image, string when)
    {
        HashSet<long> there = [];
        foreach (LogRecord record in log.Read(LogRange.All with { IncludeDeleted = true }))
        {
            long offset = record.Offset.Value;
            there.Add(offset);
            if (record.Deleted) JudgeDeleted(image, offset, when);
            else JudgeRecord(image, record, when);
        }

        foreach (long offset in image.Durable.Keys.Where(offset => !there.Contains(offset)))
        {
            Violate(image, when + "an acknowledged record is lost", $"at {offset}, the log ends at {log.EndPosition}");
            break;
        }
    }

    private void JudgeDeleted(PowerImage image, long offset, string when)
    {
        if (!image.Deleted.Contains(offset) && !image.PendingDeletes.Contains(offset))
            Violate(image, when + "a record counts as deleted that nobody deleted", $"at {offset}");
    }

    private void JudgeRecord(PowerImage image, LogRecord record, string when)
    {
        long offset = record.Offset.Value;
        if (image.Deleted.Contains(offset))
            Violate(image, when + "an acknowledged delete is undone", $"at {offset}");
        if (image.Durable.TryGetValue(offset, out byte[]? durable))
        {
            if (record.Payload.Span.SequenceEqual(durable)) return;
            bool isDeleting = image.PendingDeletes.Contains(offset);
            string sort = isDeleting ? "a half deleted record is served" : "an acknowledged record has other bytes";
            Violate(image, when + sort, $"at {offset}: {Describe(record, durable)}");
        }
        else if (!IsSent(image, record) && !IsOwnAppend(record))
        {
            Violate(
                image, when + "a record is served that was never sent so", $"at {offset}: {record.Payload.Length} bytes");
        }
    }

    private static bool IsSent(PowerImage image, LogRecord record) =>
        image.Sent.TryGetValue(record.Offset.Value, out List<byte[]>? sent)
        && sent.Exists(payload => record.Payload.Span.SequenceEqual(payload));

    private static bool IsOwnAppend(LogRecord record) => record.Payload.Span.SequenceEqual("{\"next\":true}"u8);

    private static string Describe(LogRecord record, byte[] sent)
    {
        ReadOnlySpan<byte> read = record.Payload.Span;
        int same = read.CommonPrefixLength(sent);
        return $"{read.Length} bytes, other from byte {same} on, {read.Count((byte)0)} of them zero";
    }

    private void Violate(PowerImage image, string sort, string details) => attempt.Violate(sort, Where(image, details));

    private static string Where(PowerImage image, string details) =>
        $"{details} [image {image.How} behind step {image.Step}, {string.Join(" ", image.Files.Select(Size))}]";

    private static string Size(KeyValuePair<string, byte[]> file) => $"{file.Key}={file.Value.Length}";
}
