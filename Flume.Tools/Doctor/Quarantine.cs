using System.Globalization;
using Flume.Log.Primitives;

namespace Flume.Tools.Doctor;

/// <summary>The folder for what a repair removes, <c>DIR/set-aside/TIME/</c>, with a list of its content.</summary>
/// <remarks>
/// 1. Nothing is deleted: files are moved, or copied before they are changed in place.
/// 2. The list is synced to the disk before a file moves.
/// 3. The folder is created with its first entry, so that a repair without changes creates none.
/// </remarks>
internal sealed class Quarantine(string directory, string root, TimeProvider time)
{
    private const string ListName = "list.txt";
    private string? _folder;

    /// <summary>The folder; null while it does not exist.</summary>
    public string? Folder => _folder;

    /// <summary>Moves a file or folder of the data directory; returns its new path.</summary>
    public string Move(string path, string why)
    {
        string to = Place(path);
        Note("moved", path, to, why);
        if (System.IO.Directory.Exists(path)) System.IO.Directory.Move(path, to);
        else File.Move(path, to);
        Posix.SyncDirectory(Path.GetDirectoryName(path)!);
        return to;
    }

    /// <summary>Copies bytes of a file before they are changed in place; returns the copy's path.</summary>
    public string Keep(string path, long position, ReadOnlySpan<byte> bytes, string why)
    {
        string to = Place($"{path}.at-{position.ToString(CultureInfo.InvariantCulture)}");
        Note($"copied {bytes.Length} bytes at {position} of", path, to, why);
        using FileStream file = new(to, OwnerFile.Options(FileMode.CreateNew, FileAccess.Write));
        file.Write(bytes);
        OwnerFile.Sync(file);
        return to;
    }

    /// <summary>Lists a change that removes nothing.</summary>
    public void Note(string what, string path, string to, string why)
    {
        string line = $"{time.GetUtcNow().ToString("u", CultureInfo.InvariantCulture)} {what} {path} -> {to}: {why}\n";
        using FileStream list = new(
            Path.Combine(Open(), ListName), OwnerFile.Options(FileMode.Append, FileAccess.Write));
        list.Write(System.Text.Encoding.UTF8.GetBytes(line));
        OwnerFile.Sync(list);
    }

    private string Place(string path)
    {
        string to = Path.Combine(Open(), Path.GetRelativePath(root, path));
        OwnerFile.CreateFolder(Path.GetDirectoryName(to)!);
        string free = to;
        for (int i = 2; Path.Exists(free); i++) free = string.Create(CultureInfo.InvariantCulture, $"{to}-{i}");
        return free;
    }

    private string Open()
    {
        if (_folder is not null) return _folder;
        string name = time.GetUtcNow().ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture);
        string folder = Path.Combine(directory, "set-aside", name);
        for (int i = 2; System.IO.Directory.Exists(folder); i++)
            folder = Path.Combine(directory, "set-aside", string.Create(CultureInfo.InvariantCulture, $"{name}-{i}"));
        OwnerFile.CreateFolder(folder);
        return _folder = folder;
    }
}
