using System.Text.Json;
using Flume.Actors;
using Flume.Log;

namespace Flume.Tools.Doctor;

/// <summary>Inspects the journal: pauses, budgets and pending rebuilds that survive a restart.</summary>
internal static class JournalInspector
{
    /// <summary>Inspects the journal if it exists.</summary>
    public static void Inspect(Inspection inspection)
    {
        string path = Path.Combine(inspection.Options.Directory, "journal.offset");
        string compact = path + ".compact";
        if (File.Exists(compact) && !inspection.Options.IsHeld)
            LeftOverInspector.Add(inspection, compact, "a compaction that a crash ended");
        if (!File.Exists(path)) return;
        int before = inspection.Findings.Count;
        new LogInspector(inspection, path).Inspect();
        bool isSound = inspection.Findings.Skip(before).All(finding => finding.Code != "log-damaged");
        string? fault = isSound ? Unreadable(path) : "it is damaged";
        if (fault is null)
        {
            NamePendingDeletions(inspection, path);
            return;
        }

        inspection.Add(path, new Finding("journal-unreadable", "",
            $"The journal can't be read: {fault}. No service starts with it.",
            "Set it aside: only pauses, budgets and pending rebuilds are lost.")
        {
            Fix = plan => Quarantine(plan, path, fault),
        });
    }

    /// <summary>Deletions that began and whose end the journal does not hold.</summary>
    private static void NamePendingDeletions(Inspection inspection, string path)
    {
        HashSet<(string Id, Offset Offset)> pending = [];
        using OffsetLog log = OffsetLog.Open(path, new LogOptions { ReadOnly = true });
        foreach (LogRecord record in log.Read(LogRange.All))
        {
            JournalRecord written = JournalRecord.Parse(record.Payload);
            foreach (DeletionNoted deletion in written.Events.OfType<DeletionNoted>())
            {
                if (deletion.IsSettled) pending.Remove((written.Id, deletion.Offset));
                else pending.Add((written.Id, deletion.Offset));
            }
        }

        foreach ((string id, Offset offset) in pending)
        {
            string identity = id[DeletionActor.IdPrefix.Length..];
            inspection.Add(path, new Finding("deletion-pending", "",
                $"The deletion of the record at offset {offset} of identity '{identity}' is not settled: rows of it " +
                "may be left.",
                "Start the service: it settles the deletion, and rebuilds the views if the record is zeroed.")
            {
                IsNote = inspection.Options.IsHeld,
            });
        }
    }

    private static string? Unreadable(string path)
    {
        using OffsetLog log = OffsetLog.Open(path, new LogOptions { ReadOnly = true });
        try
        {
            foreach (LogRecord record in log.Read(LogRange.All)) JournalRecord.Parse(record.Payload);
            return null;
        }
        catch (Exception cause) when (cause is LogDamagedException or JsonException or KeyNotFoundException
            or InvalidOperationException or FormatException)
        {
            return cause.Message;
        }
    }

    private static string Quarantine(RepairPlan plan, string path, string fault)
    {
        string crc = path + ".crc";
        if (File.Exists(crc)) plan.Aside.Move(crc, "the checksums of the journal that is set aside");
        return $"moved to {plan.Aside.Move(path, fault)}";
    }
}
