using Flume.Log.Primitives;

namespace Flume.Host.Backup;

/// <summary>Copies a key pair with file mode 0600, so that only its owner can read the copy.</summary>
internal static class PrivateFile
{
    /// <summary>Copies durably; a copy that is there is replaced.</summary>
    public static void Copy(string from, string to) => OwnerFile.Replace(to, File.ReadAllBytes(from));
}
