using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Flume.Replication.Tests;

/// <summary>A real JavaScript peer in a process of its own: tests/peers/replication/peer.js.</summary>
internal sealed class JsPeer : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly string _directory;
    private readonly ConcurrentDictionary<int, TaskCompletionSource<JsonNode?>> _waiting = new();
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<string> _errors = [];
    private int _lastId;

    private JsPeer(Process process, string directory)
    {
        _process = process;
        _directory = directory;
        process.OutputDataReceived += (_, line) => OnLine(line.Data);
        process.ErrorDataReceived += (_, line) =>
        {
            lock (_errors) _errors.Add(line.Data ?? "");
        };
        process.EnableRaisingEvents = true;
        process.Exited += (_, _) => OnExit();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>The peer's feed id.</summary>
    public string Id { get; private set; } = "";

    /// <summary>Its multiserver address.</summary>
    public string Address { get; private set; } = "";

    /// <summary>The folder where the modules of a stack are installed: below PEERS, else below tests/peers/replication.</summary>
    public static string Modules(string stack) => Path.Combine(
        Environment.GetEnvironmentVariable("PEERS") is { Length: > 0 } peers ? peers : Folder, stack, "node_modules");

    /// <summary>Starts a peer.</summary>
    /// <param name="stack">js16 or mv.</param>
    /// <param name="option">noebt for a peer without EBT.</param>
    public static async Task<JsPeer> StartAsync(string stack, string option = "")
    {
        string directory = Directory.CreateTempSubdirectory("flume-js-").FullName;
        ProcessStartInfo start = new("node", [Path.Combine(Folder, "peer.js"), stack, directory, option])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        start.Environment["NODE_PATH"] = Modules(stack);
        JsPeer peer = new(Process.Start(start)!, directory);
        await peer._ready.Task.WaitAsync(Patience);
        peer.Id = (string)(await peer.CallAsync("id"))!;
        peer.Address = (string)(await peer.CallAsync("address"))!;
        return peer;
    }

    /// <summary>Runs a command of peer.js.</summary>
    public async Task<JsonNode?> CallAsync(string command, params JsonNode?[] arguments)
    {
        int id = Interlocked.Increment(ref _lastId);
        TaskCompletionSource<JsonNode?> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting[id] = answer;
        JsonObject request = new() { ["id"] = id, ["cmd"] = command, ["args"] = new JsonArray(arguments) };
        await _process.StandardInput.WriteLineAsync(request.ToJsonString());
        await _process.StandardInput.FlushAsync();
        try
        {
            return await answer.Task.WaitAsync(Patience);
        }
        catch (TimeoutException)
        {
            lock (_errors) throw new TimeoutException($"{command} had no answer. {string.Join('\n', _errors.TakeLast(20))}");
        }
    }

    /// <summary>Waits until the peer has a sequence of a feed; returns the newest it has.</summary>
    public async Task<long> UntilAsync(string feed, long sequence) => (long)(await CallAsync("until", feed, sequence))!;

    /// <summary>Ends the process at once, as a crash does.</summary>
    public async Task KillAsync()
    {
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    private static string Folder { get; } = Find();

    private static string Find([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "peers", "replication"));

    /// <summary>Calls that wait get the peer's own words.</summary>
    private void OnExit()
    {
        string text;
        lock (_errors) text = $"The peer ended. {string.Join('\n', _errors.TakeLast(20))}";
        _ready.TrySetException(new InvalidOperationException(text));
        foreach (TaskCompletionSource<JsonNode?> answer in _waiting.Values) answer.TrySetException(new InvalidOperationException(text));
    }

    private void OnLine(string? line)
    {
        if (line is not { Length: > 0 } || line[0] != '{') return;
        JsonNode message = JsonNode.Parse(line)!;
        int id = (int)message["id"]!;
        if (id == 0) _ready.TrySetResult();
        else if (!_waiting.TryRemove(id, out TaskCompletionSource<JsonNode?>? answer)) return;
        else if (message["error"] is { } error) answer.TrySetException(new InvalidOperationException((string)error!));
        else answer.TrySetResult(message["result"]?.DeepClone());
    }
}

/// <summary>A test with a real peer; skipped, in plain words, where its modules are not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PeerTheoryAttribute : TheoryAttribute
{
    public PeerTheoryAttribute(params string[] stacks)
    {
        foreach (string stack in stacks)
        {
            if (!Directory.Exists(JsPeer.Modules(stack)))
                Skip = $"the peer {stack} is not installed: npm install in tests/peers/replication/{stack}";
        }
    }
}
