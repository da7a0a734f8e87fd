using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Flume.Torture;

/// <summary>A real <c>flume serve</c> process over one data directory.</summary>
internal sealed class FlumeServer : IDisposable
{
    private const int OutputCharsMax = 200_000, SigTerm = 15;

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly TaskCompletionSource<string> _announced = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private HttpClient? _http;

    private FlumeServer(ProcessStartInfo start)
    {
        start.RedirectStandardOutput = start.RedirectStandardError = true;
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Take(line.Data, isOutput: true);
        _process.ErrorDataReceived += (_, line) => Take(line.Data, isOutput: false);
        _process.Start();
        // A harness that is stopped leaves no server behind.
        AppDomain.CurrentDomain.ProcessExit += KillAtExit;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public int Pid => _process.Id;

    public bool IsAlive => !_process.HasExited;

    public int ExitCode => _process.ExitCode;

    /// <summary>Host and port; known after <see cref="AnnouncedAsync"/>.</summary>
    public IPEndPoint EndPoint { get; private set; } = new(IPAddress.Loopback, 0);

    /// <summary>Host and port of muxrpc with a handshake, when the server listens there.</summary>
    public IPEndPoint? Muxrpc { get; private set; }

    /// <summary>A client of the server, after <see cref="AnnouncedAsync"/>.</summary>
    public HttpClient Http => _http ?? throw new InvalidOperationException("The server has not said where it listens.");

    /// <summary>What the process wrote, up to a limit.</summary>
    public string Output
    {
        get
        {
            lock (_output) return _output.ToString();
        }
    }

    /// <summary>Starts <c>serve</c> with these further arguments and environment variables.</summary>
    public static FlumeServer Start(
        TortureOptions options, string data, IReadOnlyList<string>? args = null,
        IReadOnlyDictionary<string, string>? set = null)
    {
        List<string> all = ["serve", "--json", "--empty", "--data", data, "--http", "127.0.0.1:0"];
        if (args?.Contains("--muxrpc") != true) all.AddRange(["--muxrpc", "off"]);
        if (args is not null) all.AddRange(args);
        var start = new ProcessStartInfo(options.Flume, all);
        foreach ((string name, string value) in set ?? new Dictionary<string, string>())
            start.Environment[name] = value;
        return new FlumeServer(start);
    }

    /// <summary>True when the server says where it listens; false when it ends or is late.</summary>
    public async Task<bool> AnnouncedAsync(TimeSpan patience)
    {
        Task ended = _process.WaitForExitAsync();
        await Task.WhenAny(_announced.Task, ended, Task.Delay(patience));
        if (!_announced.Task.IsCompletedSuccessfully) return false;
        using JsonDocument said = JsonDocument.Parse(await _announced.Task);
        var address = new Uri(said.RootElement.GetProperty("address").GetString()!);
        EndPoint = new IPEndPoint(IPAddress.Loopback, address.Port);
        if (said.RootElement.GetProperty("muxrpc").GetString() is { } muxrpc)
            Muxrpc = IPEndPoint.Parse(muxrpc["net:".Length..muxrpc.IndexOf('~', StringComparison.Ordinal)]);
        _http ??= new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromSeconds(60) };
        return true;
    }

    /// <summary>Asks over HTTP; status 0 when the server is gone or late.</summary>
    public async Task<(int Status, string Body)> AskAsync(
        HttpMethod method, string path, string? body = null, CancellationToken cancel = default)
    {
        try
        {
            using var request = new HttpRequestMessage(method, path);
            if (body is not null) request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            using HttpResponseMessage answer = await Http.SendAsync(request, cancel);
            return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(cancel));
        }
        catch (Exception gone) when (gone is HttpRequestException or IOException or SocketException
            or OperationCanceledException)
        {
            return (0, gone.Message);
        }
    }

    public Task<(int Status, string Body)> PostAsync(string path, string? body = null) =>
        AskAsync(HttpMethod.Post, path, body);

    public Task<(int Status, string Body)> GetAsync(string path) => AskAsync(HttpMethod.Get, path);

    /// <summary>Calls a method of the API; <paramref name="args"/> is the JSON of its arguments.</summary>
    public Task<(int Status, string Body)> CallAsync(
        string identity, string method, string args, CancellationToken cancel = default)
    {
        string name = JsonSerializer.Serialize(method.Split('.'));
        return AskAsync(HttpMethod.Post, $"/v1/{identity}/rpc", $"{{\"name\":{name},\"args\":{args}}}", cancel);
    }

    /// <summary>True when all views of the identity are live at the head, within the time.</summary>
    public async Task<bool> LiveAsync(string identity, TimeSpan patience)
    {
        DateTime end = DateTime.UtcNow + patience;
        while (DateTime.UtcNow < end && IsAlive)
        {
            (int status, string body) = await GetAsync($"/v1/{identity}/views");
            if (status == 200 && AllLive(body)) return true;
            await Task.Delay(50);
        }

        return false;
    }

    /// <summary>SIGKILL, and waits for the end.</summary>
    public async Task KillAsync()
    {
        if (IsAlive) _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>SIGTERM; the exit code, or null when the process does not end in time and was killed.</summary>
    public async Task<int?> StopAsync(TimeSpan patience)
    {
        if (IsAlive) _ = Kill(Pid, SigTerm);
        try
        {
            await _process.WaitForExitAsync().WaitAsync(patience);
            return _process.ExitCode;
        }
        catch (TimeoutException)
        {
            await KillAsync();
            return null;
        }
    }

    public void Dispose()
    {
        AppDomain.CurrentDomain.ProcessExit -= KillAtExit;
        if (IsAlive) _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        _http?.Dispose();
    }

    private void KillAtExit(object? sender, EventArgs exit)
    {
        if (IsAlive) _process.Kill();
    }

    private static bool AllLive(string body)
    {
        using JsonDocument state = JsonDocument.Parse(body);
        long head = state.RootElement.GetProperty("head").GetInt64();
        return state.RootElement.GetProperty("views").EnumerateArray().All(view =>
            view.GetProperty("state").GetString() == "paused"
            || (view.GetProperty("state").GetString() == "live" && view.GetProperty("since").GetInt64() == head));
    }

    private void Take(string? line, bool isOutput)
    {
        if (line is null) return;
        if (isOutput && line.StartsWith("{\"address\"", StringComparison.Ordinal)) _announced.TrySetResult(line);
        lock (_output)
        {
            if (_output.Length < OutputCharsMax) _output.AppendLine(line);
        }
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static extern int Kill(int pid, int signal);
}
