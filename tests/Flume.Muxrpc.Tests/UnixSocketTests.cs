using System.Net.Sockets;
using Flume.Muxrpc.Transports;

namespace Flume.Muxrpc.Tests;

/// <summary>The file of a unix socket.</summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class UnixSocketTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("flume-unix-").FullName;

    private string SocketPath => Path.Combine(_folder, "socket");

    [Fact]
    public void Its_file_is_the_owners_alone()
    {
        using Socket socket = UnixSocket.Bind(SocketPath);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(SocketPath));
    }

    [Fact]
    public void What_an_ended_process_left_is_replaced()
    {
        string other = Path.Combine(_folder, "other");
        using (Socket left = UnixSocket.Bind(other)) File.Move(other, SocketPath);
        using Socket socket = UnixSocket.Bind(SocketPath);
        socket.Listen();
        using Socket client = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        client.Connect(new UnixDomainSocketEndPoint(SocketPath));
    }

    [Fact]
    public void A_socket_that_somebody_listens_on_is_left_alone()
    {
        using Socket first = UnixSocket.Bind(SocketPath);
        first.Listen();
        IOException error = Assert.Throws<IOException>(() => UnixSocket.Bind(SocketPath));
        Assert.Contains("Another process listens", error.Message, StringComparison.Ordinal);
        Assert.True(File.Exists(SocketPath));
    }

    [Fact]
    public void A_file_that_is_no_socket_is_left_alone()
    {
        File.WriteAllText(SocketPath, "mine");
        Assert.ThrowsAny<IOException>(() => UnixSocket.Bind(SocketPath));
        Assert.Equal("mine", File.ReadAllText(SocketPath));
    }

    [Fact]
    public void A_path_that_no_socket_can_have_is_refused_with_the_limit()
    {
        IOException error =
            Assert.Throws<IOException>(() => UnixSocket.Bind(Path.Combine(_folder, new string('x', 107))));
        Assert.Contains("allows 107", error.Message, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
