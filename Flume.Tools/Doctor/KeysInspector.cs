using Flume.Actors;
using Flume.Ssb.Api;
using Flume.Ssb.Messages;

namespace Flume.Tools.Doctor;

/// <summary>Inspects an identity's key pair and its unbox cache.</summary>
internal static class KeysInspector
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public static void Inspect(Inspection inspection, IdentityFiles files)
    {
        if (IdentityKindFile.Read(files) == IdentityKind.Events) return;
        if (!File.Exists(files.Secret))
        {
            inspection.Add(files.Secret, new Finding("secret-missing", "",
                "The identity has no key pair: private messages stay closed, and nothing is published in its name.",
                "Copy its secret there if it has one.")
            { IsNote = true });
            return;
        }

        Modes(inspection, files.Secret);
        try
        {
            Boxes(inspection, files, SecretFile.Read(files.Secret));
        }
        catch (SecretFileException cause)
        {
            inspection.Add(files.Secret, new Finding("secret-damaged", "", cause.Message,
                "Restore the file from a copy; the log alone can't replace it."));
        }
    }

    private static void Modes(Inspection inspection, string secret)
    {
        if (OperatingSystem.IsWindows()) return;
        UnixFileMode mode = File.GetUnixFileMode(secret);
        if ((mode & ~Owner & ~UnixFileMode.UserExecute) == 0) return;
        inspection.Add(secret, new Finding("secret-readable", "",
            $"Other users may read or write the key pair (mode {Convert.ToString((int)mode, 8).PadLeft(4, '0')}).",
            "Set mode 0600.")
        {
            Fix = plan =>
            {
                plan.Aside.Note("changed the mode of", secret, "0600", "other users could read it");
                if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(secret, Owner);
                return "set mode 0600";
            },
        });
    }

    private static void Boxes(Inspection inspection, IdentityFiles files, FeedKeys keys)
    {
        if (!Directory.Exists(files.Own)) return;
        string own = Path.Combine(files.Own, UnboxCacheFile.NameFor(keys));
        foreach (string path in Directory.GetFiles(files.Own, "boxes-*"))
        {
            bool isOwn = path == own;
            if (isOwn && inspection.Options.IsHeld) continue;
            string? fault = isOwn ? UnboxCacheFile.Fault(path, keys) : "it belongs to another identity";
            if (fault is null) continue;
            inspection.Add(path, new Finding(isOwn ? "boxes-damaged" : "boxes-foreign", "",
                $"What private boxes opened to is remembered here, but {fault}.",
                "Set the file aside: it is derived, and every box is tried once more.")
            {
                Fix = plan => $"moved to {plan.Aside.Move(path, fault)}",
            });
        }
    }
}
