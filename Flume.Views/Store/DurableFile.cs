using Flume.Log.Primitives;

namespace Flume.Views.Store;

/// <summary>Replaces small files atomically: a crash leaves the complete old or the complete new content.</summary>
internal static class DurableFile
{
    /// <summary>
    /// The suffix of the temporary file next to the target. A leftover file is from an interrupted write.
    /// </summary>
    internal const string TemporarySuffix = OwnerFile.TemporarySuffix;

    /// <summary>Writes a temporary file, syncs it, renames it to the target, and syncs the folder.</summary>
    internal static void Replace(string path, ReadOnlySpan<byte> content) => OwnerFile.Replace(path, content);

    /// <summary>Makes the names in a folder survive a power loss. Does nothing on Windows.</summary>
    internal static void SyncFolder(string folder) => Posix.SyncDirectory(folder);
}
