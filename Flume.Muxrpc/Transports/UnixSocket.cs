using System.Net.Sockets;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Flume.Muxrpc.Transports;

/// <summary>Binds the socket through which an identity's owner connects without a handshake.</summary>
/// <remarks>
/// The file's mode is the only lock, so it is set before the file exists: there is no moment in which others could
/// connect.
/// </remarks>
internal static class UnixSocket
{
    // The system's sun_path holds 108 bytes, one of them the end.
    private const int PathBytesMax = 107;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>The address of a socket at <paramref name="path"/>.</summary>
    /// <exception cref="IOException">The path is too long.</exception>
    public static UnixDomainSocketEndPoint EndPoint(string path)
    {
        CheckLength(path);
        return new UnixDomainSocketEndPoint(path);
    }

    /// <summary>A socket bound to <paramref name="path"/>; what an ended process left there is replaced.</summary>
    /// <exception cref="IOException">The path is too long, or somebody listens there.</exception>
    /// <exception cref="SocketException">The system refuses, e.g. because the folder may not be written.</exception>
    public static Socket Bind(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            throw new IOException(
                "Unix sockets are locked by file modes, which Windows lacks. Set flume.muxrpc.unix-sockets = off.");
        }

        CheckLength(path);
        RemoveStale(path);
        Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            // On Linux the file takes the mode of the socket it is bound from.
            using SafeFileHandle handle = new(socket.Handle, ownsHandle: false);
            File.SetUnixFileMode(handle, OwnerOnly);
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
            $"No unix socket can have the path {path}: it has {bytes} bytes, and the system allows {PathBytesMax}. " +
            "Move the data directory to a shorter path, or set flume.muxrpc.unix-sockets = off.");
    }

    private static void RemoveStale(string path)
    {
        FileInfo left = new(path);
        if (!left.Exists) return;
        if (left.Length > 0) throw new IOException($"{path} is no socket, so it is not replaced. Move it away.");
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
            throw new IOException($"The unix socket {path} can't be replaced: {error.Message}.", error);
        }

        throw new IOException(
            $"Somebody listens on the unix socket {path}: another Flume, or a JavaScript server, serves this " +
            "identity. Stop it first.");
    }
}
