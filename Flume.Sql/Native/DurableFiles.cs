using Flume.Log.Primitives;

namespace Flume.Sql.Native;

/// <summary>Durable syncs of files, and atomic symbolic links.</summary>
internal static class DurableFiles
{
    /// <summary>Makes the bytes of a file survive power loss.</summary>
    /// <exception cref="IOException">The device refuses.</exception>
    internal static void Sync(string path)
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        OwnerFile.Sync(file);
    }

    /// <summary>
    /// Points a relative symbolic link to a file of the same folder, by one rename, durable on return.
    /// </summary>
    /// <exception cref="IOException">The disk refuses.</exception>
    internal static void Point(string link, string fileName)
    {
        string temporary = link + OwnerFile.TemporarySuffix;
        File.Delete(temporary);
        File.CreateSymbolicLink(temporary, fileName);
        OwnerFile.Rename(temporary, link);
    }
}
