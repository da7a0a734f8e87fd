using System.Net.Sockets;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Flume.Muxrpc.Transports;

/// <summary>Binds the socket at which an identity's owner connects without a handshake.</summary>
/// <remarks>
/// The file's mode is the only protection, so it is set before the file exists. Other users can never connect.
/// </remarks>
internal static class UnixSocket
{
    // The system's sun_path has 108 bytes, on macOS 104, including the terminating zero.
    private static readonly int PathBytesMax = OperatingSystem.IsMacOS() ? 103 : 107;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>The address of a socket at <paramref name="path"/>.</summary>
    /// <exception cref="IOException">The path is too long.</exception>
    public static UnixDomainSocketEndPoint EndPoint(string path)
    {
        CheckLength(path);
        return new UnixDomainSocketEndPoint(path);
    }

    /// <summary>
    /// Creates a socket bound to <paramref name="path"/>. It replaces the socket file of an ended process.
    /// </summary>
    /// <exception cref="IOException">The path is too long, or another socket listens there.</exception>
    /// <exception cref="SocketException">
    /// The system refuses, for example because the folder is not writable.
    /// </exception>
    public static Socket Bind(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            throw new IOException(
                "Windows cannot protect Unix sockets by file modes. Set flume.muxrpc.unix-sockets = off.");
        }

        CheckLength(path);
        RemoveStale(path);
        Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            // On Linux the socket file gets the mode of its socket. macOS has no modes of sockets; the umask applies.
            using SafeFileHandle handle = new(socket.Handle, ownsHandle: false);
            if (OperatingSystem.IsLinux()) File.SetUnixFileMode(handle, OwnerOnly);
            socket.Bind(new UnixDomainSocketEndPoint(path));
            if (File.GetUnixFileMode(path) != OwnerOnly) File.SetUnixFileMode(path, OwnerOnly);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static void CheckLength(string path)
    {
        int bytes = Encoding.UTF8.GetByteCount(path);
        if (bytes <= PathBytesMax) return;
        throw new IOException(
            $"Cannot create the Unix socket {path}: the path has {bytes} bytes; the system allows {PathBytesMax}. " +
            "Move the data directory to a shorter path, or set flume.muxrpc.unix-sockets = off.");
    }

    private static void RemoveStale(string path)
    {
        FileInfo left = new(path);
        if (!left.Exists) return;
        if (left.Length > 0) throw new IOException($"{path} is not a socket, so it is not replaced. Move it away.");
        using Socket probe = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            probe.Connect(new UnixDomainSocketEndPoint(path));
        }
        catch (SocketException error) when (error.SocketErrorCode == SocketError.ConnectionRefused)
        {
            File.Delete(path);
            return;
        }
        catch (SocketException error)
        {
            throw new IOException($"Cannot replace the Unix socket {path}: {error.Message}.", error);
        }

        throw new IOException(
            $"Another process listens on the Unix socket {path}: another Flume or a JavaScript server serves this " +
            "identity. Stop it first.");
    }
}
