using Flume.Log.Primitives;

namespace Flume.Views.Store;

/// <summary>Replaces small files so that a crash at any moment leaves the old content or the new, whole.</summary>
internal static class DurableFile
{
    /// <summary>What the temporary file beside the target is called; one that is found was never finished.</summary>
    internal const string TemporarySuffix = OwnerFile.TemporarySuffix;

    /// <summary>Writes beside, syncs, renames over, and syncs the folder, in that order.</summary>
    internal static void Replace(string path, ReadOnlySpan<byte> content) => OwnerFile.Replace(path, content);

    /// <summary>Makes the names in a folder survive power loss, where the system has a call for that.</summary>
    internal static void SyncFolder(string folder) => Posix.SyncDirectory(folder);
}
