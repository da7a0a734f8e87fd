
namespace Flume.Log.Primitives;

/// <summary>
/// Files and folders that only their owner can read, from creation on. It also writes them durably.
/// </summary>
public static class OwnerFile
{
    /// <summary>The mode of a file: 0600.</summary>
    public const UnixFileMode FileMode0600 = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>The mode of a folder: 0700.</summary>
    public const UnixFileMode FolderMode0700 = FileMode0600 | UnixFileMode.UserExecute;

    /// <summary>The suffix of the temporary file of <see cref="Replace"/>.</summary>
    public const string TemporarySuffix = ".new";

    /// <summary>
    /// Removes all rights of others from new files of this process, including those of native code.
    /// </summary>
    public static void KeepNewFilesPrivate() => Posix.KeepNewFilesPrivate();

    /// <summary>Options that give a new file the mode 0600. An existing file keeps its mode. No buffer.</summary>
    public static FileStreamOptions Options(FileMode mode, FileAccess access, FileShare share = FileShare.None)
    {
        var options = new FileStreamOptions { Mode = mode, Access = access, Share = share, BufferSize = 0 };
        bool creates = mode is not (FileMode.Open or FileMode.Truncate);
        if (creates && !OperatingSystem.IsWindows())
            options.UnixCreateMode = FileMode0600;
        return options;
    }

    /// <summary>Creates the missing folders of a path with mode 0700; each name is durable in its parent.</summary>
    /// <exception cref="IOException">The file system fails.</exception>
    public static void CreateFolder(string path)
    {
        path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        if (Directory.Exists(path))
            return;
        string? parent = Path.GetDirectoryName(path);
        if (parent is not null)
            CreateFolder(parent);
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(path);
        else
            Directory.CreateDirectory(path, FolderMode0700);
        if (parent is not null)
            Posix.SyncDirectory(parent);
    }

    /// <summary>Returns after the file's bytes are on the device.</summary>
    /// <exception cref="IOException">The sync fails. The message names the errno.</exception>
    public static void Sync(FileStream file)
    {
        file.Flush();
        Posix.Sync(file.SafeFileHandle, file.Name);
    }

    /// <summary>
    /// Replaces a file atomically: a crash leaves the complete old or the complete new content. It writes a temporary
    /// file, syncs it, renames it and syncs the folder.
    /// </summary>
    /// <exception cref="IOException">The file system fails.</exception>
    public static void Replace(string path, ReadOnlySpan<byte> content)
    {
        string temporary = path + TemporarySuffix;
        File.Delete(temporary); // Only a new file gets the mode.
        using (var file = new FileStream(temporary, Options(FileMode.CreateNew, FileAccess.Write)))
        {
            file.Write(content);
            Sync(file);
        }

        Rename(temporary, path);
    }

    /// <summary>Makes the names in a folder durable.</summary>
    /// <exception cref="IOException">The file system fails.</exception>
    public static void SyncFolder(string folder) => Posix.SyncDirectory(folder);

    /// <summary>Renames a file over an existing one, durably.</summary>
    /// <exception cref="IOException">The file system fails.</exception>
    public static void Rename(string from, string to)
    {
        File.Move(from, to, overwrite: true);
        Posix.SyncDirectory(Path.GetDirectoryName(Path.GetFullPath(to))!);
    }
}
