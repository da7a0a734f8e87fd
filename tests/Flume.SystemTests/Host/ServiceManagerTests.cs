using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Flume.Host.Serving;
using Flume.TestKit;

namespace Flume.SystemTests.Host;

/// <summary>What systemd is told, on a socket that stands in for systemd's.</summary>
public sealed class ServiceManagerTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task A_service_tells_that_it_is_ready_alive_and_stopping()
    {
        using TempFolder folder = new();
        using Socket systemd = Listen(folder["notify"]);
        await using (ServiceManager manager = Manager(folder["notify"], "20000"))
        {
            Assert.Equal(TimeSpan.FromMilliseconds(10), manager.Every);
            manager.Ready("Serving at here", _ => Task.CompletedTask);
            Assert.Equal("READY=1\nSTATUS=Serving at here", await HearAsync(systemd));
            Assert.Equal("WATCHDOG=1", await HearAsync(systemd));
            Assert.Equal("WATCHDOG=1", await HearAsync(systemd));
            manager.Stopping();
            string told;
            do told = await HearAsync(systemd);
            while (told == "WATCHDOG=1");
            Assert.StartsWith("STOPPING=1\n", told);
        }
    }

    [Fact]
    public async Task A_service_that_hangs_gives_no_sign_of_life()
    {
        using TempFolder folder = new();
        using Socket systemd = Listen(folder["notify"]);
        TaskCompletionSource asked = new();
        await using ServiceManager manager = Manager(folder["notify"], "2000");
        manager.Ready("Serving", gone =>
        {
            asked.TrySetResult();
            return Task.Delay(Timeout.Infinite, gone);
        });
        Assert.StartsWith("READY=1", await HearAsync(systemd));
        await asked.Task.WaitAsync(Patience);
        manager.Stopping();
        Assert.StartsWith("STOPPING=1", await HearAsync(systemd));
    }

    [Fact]
    public async Task A_manager_that_does_not_read_keeps_no_service_from_stopping()
    {
        using TempFolder folder = new();
        using Socket deaf = Listen(folder["notify"]);
        ServiceManager manager = Manager(folder["notify"], "0");
        Task told = Task.Run(() =>
        {
            for (int i = 0; i < 15; i++) manager.Ready("more than a socket keeps", _ => Task.CompletedTask);
            manager.Stopping();
        });
        await told.WaitAsync(Patience);
        await manager.DisposeAsync().AsTask().WaitAsync(Patience);
    }

    [Theory]
    [InlineData(null, null, null)]
    [InlineData("1000000", null, 500)]
    [InlineData("1000000", "1", null)]
    [InlineData("0", null, null)]
    [InlineData("soon", null, null)]
    public async Task Signs_of_life_are_due_where_the_manager_asks_this_process_for_them(string? micros, string? pid, int? ms)
    {
        await using ServiceManager manager = new(
            name => name == "WATCHDOG_USEC" ? micros : name == "WATCHDOG_PID" ? pid : null, TimeProvider.System);
        Assert.Equal(ms, (int?)manager.Every?.TotalMilliseconds);
        manager.Ready("to nobody", _ => Task.CompletedTask);
        manager.Stopping();
    }

    [Fact]
    public async Task The_program_tells_its_manager_once_it_answers_and_when_it_stops()
    {
        using TempFolder folder = new();
        using Socket systemd = Listen(folder["notify"]);
        await using FlumeProcess server = FlumeProcess.StartWith(
            [("NOTIFY_SOCKET", folder["notify"]), ("WATCHDOG_USEC", "100000")],
            "serve", "--data", folder["data"], "--http", "127.0.0.1:0", "--json");
        string address = JsonDocument.Parse((await server.ReadLineAsync())!).RootElement.GetProperty("address").GetString()!;
        Assert.Equal($"READY=1\nSTATUS=Serving at {address}/", await HearAsync(systemd));
        Assert.Equal("WATCHDOG=1", await HearAsync(systemd));
        server.Terminate();
        string told;
        do told = await HearAsync(systemd);
        while (told == "WATCHDOG=1");
        Assert.StartsWith("STOPPING=1", told);
        Assert.Equal(0, await server.EndAsync());
    }

    private static ServiceManager Manager(string socket, string micros) => new(
        name => name == "NOTIFY_SOCKET" ? socket : name == "WATCHDOG_USEC" ? micros : null, TimeProvider.System);

    private static Socket Listen(string path)
    {
        Socket socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(path));
        return socket;
    }

    private static async Task<string> HearAsync(Socket socket)
    {
        byte[] buffer = new byte[1024];
        using CancellationTokenSource deadline = new(Patience);
        return Encoding.UTF8.GetString(buffer, 0, await socket.ReceiveAsync(buffer, SocketFlags.None, deadline.Token));
    }
}
