using System.Globalization;

namespace Flume.Torture.Small;

/// <summary>A memory cgroup of version 1 or 2 for the processes of a run; deleted at the end.</summary>
internal sealed class MemoryGroup : IDisposable
{
    private const string First = "/sys/fs/cgroup/memory", Second = "/sys/fs/cgroup";

    private readonly string _folder;
    private readonly bool _isFirst;
    private readonly int _megabytes;

    public MemoryGroup(int megabytes)
    {
        _megabytes = megabytes;
        _isFirst = IsFirst;
        _folder = Path.Combine(_isFirst ? First : Second, $"flume-torture-{Environment.ProcessId}");
        Directory.CreateDirectory(_folder);
        long bytes = (long)megabytes << 20;
        Write(_isFirst ? "memory.limit_in_bytes" : "memory.max", bytes.ToString(CultureInfo.InvariantCulture));
        if (!_isFirst) Write("memory.swap.max", "0");
    }

    /// <summary>True when this process may make one.</summary>
    public static bool CanMake
    {
        get
        {
            try
            {
                using var probe = new MemoryGroup(64);
                return true;
            }
            catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
            {
                return false;
            }
        }
    }

    private static bool IsFirst => Directory.Exists(First) && File.Exists(Path.Combine(First, "memory.limit_in_bytes"));

    /// <summary>A program that joins the group and becomes another one.</summary>
    public string Wrap(string program, string folder)
    {
        string script = Path.Combine(folder, "in-group.sh");
        File.WriteAllText(script, $"#!/bin/sh\necho $$ > {_folder}/cgroup.procs || exit 99\nexec {program} \"$@\"\n");
        File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return script;
    }

    /// <summary>The largest use so far.</summary>
    public string Describe(string what)
    {
        string file = Path.Combine(_folder, _isFirst ? "memory.max_usage_in_bytes" : "memory.peak");
        string peak = File.Exists(file)
            ? $"{long.Parse(File.ReadAllText(file), CultureInfo.InvariantCulture) >> 20} MiB" : "unknown";
        return $"{what}: peak {peak} of {_megabytes} MiB";
    }

    public void Dispose()
    {
        try
        {
            Directory.Delete(_folder);
        }
        catch (IOException)
        {
            // A process of the group has not ended yet; the empty group costs nothing.
        }
    }

    private void Write(string file, string value) => File.WriteAllText(Path.Combine(_folder, file), value);
}
