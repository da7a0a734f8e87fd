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
        if (fault is null) return;
        inspection.Add(path, new Finding("journal-unreadable", "",
            $"The journal can't be read: {fault}. No service starts with it.",
            "Set it aside: only pauses, budgets and pending rebuilds are lost.")
        {
            Fix = plan => Quarantine(plan, path, fault),
        });
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
