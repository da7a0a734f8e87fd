using Microsoft.Win32.SafeHandles;

namespace Flume.Log;

/// <summary>One open file. Tests replace it to make its calls fail.</summary>
internal interface ILogFile : IDisposable
{
    SafeFileHandle Handle { get; }

    /// <summary>The current length in bytes.</summary>
    long Length { get; }

    /// <summary>Reads once. The result may be shorter than the buffer, also before the end of the file.</summary>
    int Read(Span<byte> buffer, long position);

    /// <summary>Writes all bytes or throws. After an exception, any part of the bytes may be in the file.</summary>
    void Write(ReadOnlySpan<byte> bytes, long position);

    void Truncate(long length);

    /// <summary>Returns after all written bytes are on the device.</summary>
    void Sync();
}

/// <summary>Opens files. Tests replace it together with <see cref="ILogFile"/>.</summary>
internal interface ILogDisk
{
    ILogFile Open(string path, FileMode mode, FileAccess access);

    /// <summary>Makes renames and new names in <paramref name="directory"/> survive a power loss.</summary>
    void SyncDirectory(string directory);

    void Rename(string from, string to);
}

/// <summary>Extension methods for every <see cref="ILogFile"/>.</summary>
internal static class LogFiles
{
    /// <summary>
    /// Reads until <paramref name="buffer"/> is full or the file ends. Returns the number of bytes read.
    /// </summary>
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
