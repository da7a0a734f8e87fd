using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Flume.Host.Serving;

/// <summary>
/// Notifies systemd, if it started this process, that the service is ready, alive or stopping (sd_notify, Type=notify).
/// </summary>
/// <remarks>
/// 1. Without <c>NOTIFY_SOCKET</c> all methods do nothing.
/// 2. A notification that can't be sent is dropped; the service continues.
/// 3. Watchdog notifications are sent only while <c>isAlive</c> completes in time, so that systemd restarts a hanging
/// service.
/// </remarks>
internal sealed class ServiceManager(Func<string, string?> environment, TimeProvider time) : IAsyncDisposable
{
    // A manager that does not read must not block the service's stop.
    private const int SendWithinMs = 1000;

    private readonly string? _address = environment("NOTIFY_SOCKET");
    private readonly CancellationTokenSource _ended = new();
    private Task _signs = Task.CompletedTask;

    /// <summary>The service manager of this process.</summary>
    public static ServiceManager OfThisProcess() => new(Environment.GetEnvironmentVariable, TimeProvider.System);

    /// <summary>The interval of watchdog notifications: half of the manager's timeout; null if it has none.</summary>
    public TimeSpan? Every
    {
        get
        {
            string? pid = environment("WATCHDOG_PID");
            if (pid is not null && pid != Environment.ProcessId.ToString(CultureInfo.InvariantCulture)) return null;
            return long.TryParse(environment("WATCHDOG_USEC"), CultureInfo.InvariantCulture, out long micros)
                && micros > 0
                ? TimeSpan.FromMicroseconds(micros / 2)
                : null;
        }
    }

    /// <summary>Reports readiness, and starts the watchdog notifications if they are enabled.</summary>
    /// <param name="status">A line for <c>systemctl status</c>.</param>
    /// <param name="isAlive">Completes while the service works.</param>
    public void Ready(string status, Func<CancellationToken, Task> isAlive)
    {
        Send($"READY=1\nSTATUS={status}");
        if (_address is not null && Every is { } every) _signs = SignAsync(every, isAlive);
    }

    /// <summary>Reports the stop and ends the watchdog notifications.</summary>
    public void Stopping()
    {
        _ended.Cancel();
        Send("STOPPING=1\nSTATUS=Stopping");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync().ConfigureAwait(false);
        await _signs.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _ended.Dispose();
    }

    private async Task SignAsync(TimeSpan every, Func<CancellationToken, Task> isAlive)
    {
        using PeriodicTimer timer = new(every, time);
        while (await timer.WaitForNextTickAsync(_ended.Token).ConfigureAwait(false))
        {
            Task asked = isAlive(_ended.Token);
            await asked.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (asked.IsCompletedSuccessfully) Send("WATCHDOG=1");
        }
    }

    private void Send(string state)
    {
        if (string.IsNullOrEmpty(_address)) return;
        try
        {
            // A name that starts with @ is in the abstract namespace, where the first byte is 0.
            string path = _address[0] == '@' ? $"\0{_address[1..]}" : _address;
            using Socket socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified)
            {
                SendTimeout = SendWithinMs,
            };
            socket.SendTo(Encoding.UTF8.GetBytes(state), new UnixDomainSocketEndPoint(path));
        }
        catch (Exception refused) when (
            refused is SocketException or ArgumentException or PlatformNotSupportedException)
        {
            string what = state.Split('\n')[0];
            Console.Error.WriteLine($"flume: NOTIFY_SOCKET {_address} does not take '{what}': {refused.Message}");
        }
    }
}
