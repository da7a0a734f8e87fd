using Microsoft.Win32.SafeHandles;

namespace Flume.Log;

/// <summary>One open file: the calls that can fail, so that tests can make them fail.</summary>
internal interface ILogFile : IDisposable
{
    SafeFileHandle Handle { get; }

    /// <summary>Bytes, as the file system says now.</summary>
    long Length { get; }

    /// <summary>Reads once; returns fewer bytes than asked at the end of the file, and may elsewhere.</summary>
    int Read(Span<byte> buffer, long position);

    /// <summary>Writes all bytes or throws; having thrown, any part of them may be in the file.</summary>
    void Write(ReadOnlySpan<byte> bytes, long position);

    void Truncate(long length);

    /// <summary>Returns when everything written so far is on the device.</summary>
    void Sync();
}

/// <summary>Opens files; the other half of the seam that tests replace.</summary>
internal interface ILogDisk
{
    ILogFile Open(string path, FileMode mode, FileAccess access);

    /// <summary>Makes a rename or a new name in <paramref name="directory"/> survive power loss.</summary>
    void SyncDirectory(string directory);

    void Rename(string from, string to);
}

/// <summary>What every <see cref="ILogFile"/> can do with its calls.</summary>
internal static class LogFiles
{
    /// <summary>Reads until <paramref name="buffer"/> is full or the file ends; returns the bytes read.</summary>
    public static int ReadFully(this ILogFile file, Span<byte> buffer, long position)
    {
        int total = 0;
        while (total < buffer.Length)
        {
            int read = file.Read(buffer[total..], position + total);
            if (read == 0)
                break;
            total += read;
        }

        return total;
    }
}
