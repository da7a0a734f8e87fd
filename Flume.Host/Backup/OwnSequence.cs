using Flume.Log;
using Flume.Ssb.Messages;

namespace Flume.Host.Backup;

/// <summary>Finds the newest own sequence in a log.</summary>
internal static class OwnSequence
{
    /// <summary>
    /// The highest sequence of an author between two records: after the first (exclusive), up to the second
    /// (inclusive).
    /// </summary>
    public static long Newest(
        OffsetLog log, string id, (Offset After, Offset Through) range, CancellationToken cancel)
    {
        OwnFeed feed = new(id);
        LogScanner scanner = new(log, range.After, range.Through);
        using RecordBatch run = new();
        while (scanner.ReadRun(run))
        {
            cancel.ThrowIfCancellationRequested();
            foreach (RunRecord record in run.Records) feed.Take(run.Payload(record));
        }

        return feed.Newest;
    }

    /// <summary>
    /// The highest sequence in all logs of a folder: an identity's, a data directory's or a classic ssb directory's;
    /// null if it holds no log. A damaged log is read up to the damage.
    /// </summary>
    public static long? NewestIn(string folder, string id, CancellationToken cancel)
    {
        long? newest = null;
        foreach (string path in Logs(folder))
        {
            OwnFeed feed = new(id);
            try
            {
                using OffsetLog log = OffsetLog.Open(path, new LogOptions { ReadOnly = true });
                foreach (LogRecord record in log.Read(LogRange.All))
                {
                    cancel.ThrowIfCancellationRequested();
                    feed.Take(record.Payload.Span);
                }
            }
            catch (LogException)
            {
                // The records before the damage count; the doctor reports the damage.
            }

            newest = Math.Max(newest ?? 0, feed.Newest);
        }

        return newest;
    }

    private static IEnumerable<string> Logs(string folder)
    {
        List<string> places = [Path.Combine(folder, "log.offset"), Path.Combine(folder, "flume", "log.offset")];
        string identities = Path.Combine(folder, "identities");
        if (Directory.Exists(identities))
            places.AddRange(Directory.GetDirectories(identities).Select(each => Path.Combine(each, "log.offset")));
        return places.Where(File.Exists);
    }
}
