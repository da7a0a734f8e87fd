using System.Text;
using Flume.Actors;
using Flume.Log;
using Flume.Ssb.Api;
using Flume.Views;
using Flume.Views.Store;
using Xunit;

namespace Flume.TestKit;

/// <summary>An engine on a temporary folder. A test can stop and restart it.</summary>
internal sealed class EngineRig : IAsyncDisposable
{
    /// <summary>Settings with short waits.</summary>
    internal const string Hocon = """
        akka { loglevel = OFF, stdout-loglevel = OFF }
        flume {
          views { restart-ms-min = 20, restart-ms-max = 100, fault-tries = 3, step-entries-min = 8 }
          rebuild { gather-ms = 5, progress-every-ms = 10 }
          reads.wait-ms-max = 20000
          identities.answer-within-ms = 10000
        }
        """;

    private readonly string _directory = Directory.CreateTempSubdirectory("flume-actors-").FullName;
    private readonly string _hocon;

    public EngineRig(string hocon = "", params IView[] views)
    {
        _hocon = Hocon + "\n" + hocon;
        Views = views.Length > 0 ? views : [new TestView("alpha"), new TestView("beta")];
    }

    /// <summary>The views of the next start.</summary>
    public IReadOnlyList<IView> Views { get; set; }

    /// <summary>The log options of the next start; null for those of the settings.</summary>
    public LogOptions? LogOptions { get; set; }

    public TimeProvider Time { get; set; } = TimeProvider.System;

    public FlumeEngine Engine { get; private set; } = null!;

    public IIdentity Alice { get; private set; } = null!;

    public string DataDirectory => _directory;

    public string LogPath => Path.Combine(_directory, "identities", "alice", "log.offset");

    /// <summary>Starts the engine, and creates or opens alice.</summary>
    public async Task<EngineRig> StartAsync()
    {
        FlumeSettings settings = FlumeSettings.Parse($"{_hocon}\nflume.directory = \"{_directory}\"", "test");
        var parts = new EngineServices(settings, new ViewCatalog(Views), new StoreResources(settings.Store.ToLimits()), Time)
        {
            LogOptions = LogOptions,
        };
        Engine = FlumeEngine.Start(parts);
        Alice = Engine.Names.Contains("alice") ? await Engine.OpenAsync("alice") : await Engine.CreateAsync("alice");
        return this;
    }

    public async Task RestartAsync()
    {
        await Engine.StopAsync();
        await StartAsync();
    }

    /// <summary>Appends numbered messages, and returns the last one's offset.</summary>
    public async Task<Offset> AppendAsync(int count, Durability durability = Durability.Os)
    {
        ReadOnlyMemory<byte>[] payloads = [.. Enumerable.Range(0, count).Select(Message)];
        return (await Alice.AppendAsync(payloads, durability)).Last;
    }

    /// <summary>Waits until a view has caught up and returns the number of messages in its rows.</summary>
    public async Task<long> CaughtUpAsync(string view)
    {
        using ViewRead read = await Alice.ReadAsync(view, ReadFreshness.Fresh);
        return read.Rows.Count(1, PostingRange.All);
    }

    /// <summary>Waits until a view's status meets a condition.</summary>
    public async Task<ViewStatus> StatusAsync(string view, Func<ViewStatus, bool> isSo)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (true)
        {
            ViewStatus status = (await Alice.StatusAsync()).Single(one => one.Name == view);
            if (isSo(status)) return status;
            if (patience.IsCancellationRequested) Assert.Fail($"Not reached; the last status was {status}.");
            await Task.Yield();
        }
    }

    /// <summary>Fails if a view rejected a command.</summary>
    public static void Accepted(CommandOutcome outcome) =>
        Assert.True(outcome.IsAccepted, string.Join(" ", outcome.Views.Select(view => view.Text)));

    /// <summary>Blocks a view until the test opens the gate, or until a time-out.</summary>
    public static void Wait(ManualResetEventSlim gate) =>
        Assert.True(gate.Wait(TimeSpan.FromSeconds(60)), "the test opened its gate too late");

    public static ReadOnlyMemory<byte> Message(int number) => Encoding.UTF8.GetBytes(
        $"{{\"key\":\"%{number}\",\"value\":{{\"author\":\"@a\",\"sequence\":{number},\"timestamp\":{number}," +
        $"\"content\":{{\"type\":\"post\"}}}},\"timestamp\":{number}}}");

    public async ValueTask DisposeAsync()
    {
        await Engine.StopAsync();
        Directory.Delete(_directory, recursive: true);
    }
}
