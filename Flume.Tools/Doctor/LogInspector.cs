using System.Globalization;
using Flume.Log;

namespace Flume.Tools.Doctor;

/// <summary>Inspects one log: its frames, checksums, end and message ids, and other processes that hold it.</summary>
internal sealed class LogInspector(Inspection inspection, string path)
{
    private const int DamageTexts = 3;

    // A trial of every byte of a message takes a second or two.
    private const int TriedMax = 10;

    /// <summary>The number of records that verify.</summary>
    public long Records { get; private set; }

    /// <summary>The log's length in bytes.</summary>
    public long Bytes { get; private set; }

    public void Inspect()
    {
        if (!File.Exists(path))
        {
            if (inspection.Options.Classic is not null) return; // a new user's log begins with the first message
            inspection.Add(path, new Finding("log-missing", "", "The identity has no log.",
                "Put the log back from a backup, or move the folder away if the identity was never used."));
            return;
        }

        LogVerifyReport report;
        try
        {
            report = LogVerifier.Verify(path, null, new Forwarder(inspection, path), inspection.Cancel);
        }
        catch (LogFormatException cause)
        {
            inspection.Add(path, new Finding("log-unknown", "", cause.Message, "Restore the file from a backup."));
            return;
        }

        (Records, Bytes) = (report.Records, report.EndPosition);
        Damage(report);
        Torn(report);
        Ids(report);
        Access();
    }

    private void Damage(LogVerifyReport report)
    {
        if (report.Sound) return;
        string places = string.Join("; ", report.Damage.Take(DamageTexts).Select(place =>
            string.Create(
                CultureInfo.InvariantCulture, $"offset {place.Offset}, {place.Bytes} bytes: {place.Reason}")));
        string more = report.DamageCount > DamageTexts ? $"; and {report.DamageCount - DamageTexts} places more" : "";
        IReadOnlyList<LogByteRepair> repairs = LogRepair.Find(path, inspection.Cancel);
        string text = $"The log is damaged: {places}{more}.";
        if (repairs.Count == 0)
        {
            inspection.Add(path, new Finding("log-damaged", "", text,
                "Restore the file from a backup: what was there can't be computed. Nothing else cures it, and the " +
                "identity takes no appends until then."));
            return;
        }

        string bytes = string.Join(", ", repairs.Select(Describe));
        inspection.Add(path, new Finding("log-byte-changed", "", text,
            $"The checksums identify the changed byte: {bytes}. Restore it; a copy of the present block is kept.")
        {
            Fix = plan => PutBack(plan, repairs),
        });
    }

    private string PutBack(RepairPlan plan, IReadOnlyList<LogByteRepair> repairs)
    {
        foreach (LogByteRepair repair in repairs)
        {
            byte[] block = new byte[repair.BlockBytes];
            using (FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite))
            {
                file.Position = repair.BlockStart;
                file.ReadExactly(block);
            }

            plan.Aside.Keep(path, repair.BlockStart, block, $"before {Describe(repair)}");
            LogRepair.Apply(path, repair);
        }

        LogVerifyReport now = LogVerifier.Verify(path);
        return now.Sound
            ? $"put back {string.Join(", ", repairs.Select(Describe))}; every frame and checksum verifies now"
            : throw new IOException(
                $"{now.DamageCount} places are still damaged after {repairs.Count} bytes were put back; " +
                "restore the file from a backup.");
    }

    private static string Describe(LogByteRepair repair) => string.Create(
        CultureInfo.InvariantCulture, $"byte {repair.Position} from 0x{repair.Found:x2} to 0x{repair.Was:x2}");

    /// <summary>While a service runs, a torn end may be an append in progress.</summary>
    private void Torn(LogVerifyReport report)
    {
        if (report.TornBytes == 0 || inspection.Options.IsHeld) return;
        inspection.Add(path, new Finding("log-torn", "",
            $"The last {report.TornBytes} bytes are no whole record: an append that a crash cut short.",
            "Cut them; they are kept. Opening the log does it, too.")
        {
            Fix = plan =>
            {
                string? cut;
                using (OffsetLog log = OffsetLog.Open(path)) cut = log.Recovery.CutFile;
                return cut is null
                    ? throw new IOException("The bytes could not be kept, so they were not cut.")
                    : $"cut them; they are in {plan.Aside.Move(cut, "a torn end of the log")}";
            },
        });
    }

    private void Ids(LogVerifyReport report)
    {
        if (!inspection.Options.Ids || !report.Sound) return;
        MessageIdReport ids = MessageIdCheck.Run(path, inspection.Cancel);
        List<Offset> wrong = [.. ids.Faults.Select(fault => fault.Offset).Take(TriedMax)];
        List<LogByteRepair> repairs = Repairs([.. wrong, .. ids.Unreadable.Take(TriedMax)]);
        if (repairs.Count > 0)
        {
            inspection.Add(path, new Finding("message-byte-changed", "",
                $"{repairs.Count} messages do not hash to their keys because one byte of each changed.",
                $"Only one byte makes each right again: {string.Join(", ", repairs.Select(Describe))}. Put it back; " +
                "the message as it is now is kept.")
            {
                Fix = plan => PutBack(plan, repairs),
            });
        }

        if (ids.FaultCount == 0 || repairs.Count >= ids.FaultCount) return;
        MessageIdFault first = ids.Faults[0];
        inspection.Add(path, new Finding("wrong-ids", "",
            $"{ids.FaultCount} messages do not hash to their keys, the first at offset {first.Offset}: " +
            $"{first.Key} hashes to {first.Computed}.",
            "Those messages were changed after they were signed: restore the file from a backup."));
    }

    private List<LogByteRepair> Repairs(List<Offset> offsets)
    {
        List<LogByteRepair> repairs = [];
        using OffsetLog log = OffsetLog.Open(path, new LogOptions { ReadOnly = true });
        foreach (Offset offset in offsets)
            if (MessageRepair.Find(log, offset, inspection.Cancel) is { } repair) repairs.Add(repair);
        return repairs;
    }

    private void Access()
    {
        if (inspection.Options.IsHeld) return;
        try
        {
            using FileStream writable = new(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        }
        catch (UnauthorizedAccessException)
        {
            inspection.Add(path, new Finding("not-writable", "",
                $"User {Environment.UserName} may not write the log, so that nothing can be appended.",
                "Give the data directory to the user that runs flume: chown -R USER DIR."));
        }

        string lockFile = path + ".lock";
        if (!File.Exists(lockFile)) return;
        try
        {
            using FileStream free = new(lockFile, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            inspection.Add(lockFile, new Finding("log-held", "",
                "Another process has the log open for writing, though no service has the directory.",
                "Find it with 'fuser' or 'lsof' on the lock file, and stop it before a service starts."));
        }
    }

    private sealed class Forwarder(Inspection inspection, string path) : IProgress<LogProgress>
    {
        public void Report(LogProgress value) => inspection.Report(path, value.Position, value.EndPosition);
    }
}
