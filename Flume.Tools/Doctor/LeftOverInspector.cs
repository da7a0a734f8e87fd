using Flume.Actors;

namespace Flume.Tools.Doctor;

/// <summary>
/// Finds files of operations that never completed: imports, drafts, and bytes that were cut from a log.
/// </summary>
internal static class LeftOverInspector
{
    /// <summary>Inspects an identity's folder.</summary>
    public static void Inspect(Inspection inspection, IdentityFiles files)
    {
        if (inspection.Options.IsHeld || !Directory.Exists(files.Own)) return;
        foreach (string path in Directory.GetFiles(files.Own))
        {
            string name = Path.GetFileName(path);
            if (name.Contains(".cut-", StringComparison.Ordinal)) Cut(inspection, path);
            else if (What(name) is { } what) Add(inspection, path, what);
        }

        string drafts = Path.Combine(files.Own, "blobs", "tmp");
        if (!Directory.Exists(drafts)) return;
        foreach (string path in Directory.GetFiles(drafts)) Add(inspection, path, "a blob that never arrived whole");
    }

    /// <summary>Adds a finding for a file or folder that no process uses any more.</summary>
    public static void Add(Inspection inspection, string path, string what) =>
        inspection.Add(path, new Finding("left-over", "", $"It is left over from {what}.", "Set it aside.")
        {
            Fix = plan => $"moved to {plan.Aside.Move(path, $"left over from {what}")}",
        });

    private static string? What(string name) =>
        name.EndsWith(".importing", StringComparison.Ordinal) ? "an import that never ended"
        : name.StartsWith(".secret-", StringComparison.Ordinal) ? "a key pair never put to use"
        : name.EndsWith(".new", StringComparison.Ordinal) ? "a change that a crash ended"
        : null;

    private static void Cut(Inspection inspection, string path) =>
        inspection.Add(path, new Finding("torn-bytes", "",
            $"{new FileInfo(path).Length} bytes that were cut from the end of the log after a crash are kept here.",
            "Look at them if a message is missing; delete the file when none is.")
        { IsNote = true });
}
