using System.Globalization;
using Flume.Log;

namespace Flume.Tools.Doctor;

/// <summary>Where a treatment puts what it takes away, <c>DIR/set-aside/TIME/</c>, with a list of it.</summary>
/// <remarks>
/// 1. Nothing is deleted: things are moved, or copied before they are changed in place. 2. The list is on the disk before
/// anything moves. 3. The folder is made with the first thing, so that a treatment of nothing leaves nothing.
/// </remarks>
internal sealed class Quarantine(string directory, TimeProvider time)
{
    private const string ListName = "list.txt";
    private string? _folder;

    /// <summary>The folder; null while nothing was set aside.</summary>
    public string? Folder => _folder;

    /// <summary>Moves a file or folder of the data directory; returns where it is now.</summary>
    public string Move(string path, string why)
    {
        string to = Place(path);
        Note("moved", path, to, why);
        if (System.IO.Directory.Exists(path)) System.IO.Directory.Move(path, to);
        else File.Move(path, to);
        Libc.SyncDirectory(Path.GetDirectoryName(path)!);
        return to;
    }

    /// <summary>Keeps bytes of a file that is about to be changed in place; returns where they are.</summary>
    public string Keep(string path, long position, ReadOnlySpan<byte> bytes, string why)
    {
        string to = Place($"{path}.at-{position.ToString(CultureInfo.InvariantCulture)}");
        Note($"copied {bytes.Length} bytes at {position} of", path, to, why);
        using FileStream file = new(to, FileMode.CreateNew);
        file.Write(bytes);
        file.Flush(flushToDisk: true);
        return to;
    }

    /// <summary>Writes down a change that takes nothing away.</summary>
    public void Note(string what, string path, string to, string why)
    {
        string line = $"{time.GetUtcNow().ToString("u", CultureInfo.InvariantCulture)} {what} {path} -> {to}: {why}\n";
        using FileStream list = new(Path.Combine(Open(), ListName), FileMode.Append);
        list.Write(System.Text.Encoding.UTF8.GetBytes(line));
        list.Flush(flushToDisk: true);
    }

    private string Place(string path)
    {
        string to = Path.Combine(Open(), Path.GetRelativePath(directory, path));
        System.IO.Directory.CreateDirectory(Path.GetDirectoryName(to)!);
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
        System.IO.Directory.CreateDirectory(folder);
        return _folder = folder;
    }
}
