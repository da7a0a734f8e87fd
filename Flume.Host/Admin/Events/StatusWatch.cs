using System.Diagnostics;
using System.Text.Json;
using Flume.Host.Cli;
using Flume.Host.Http;

namespace Flume.Host.Admin.Events;

/// <summary>
/// Samples all that the server serves, at most four times a second, while at least one client watches.
/// </summary>
/// <remarks>
/// 1. Each thing is sampled once for all clients; without clients nothing runs.
/// 2. Only the current snapshot is kept. A slow client skips earlier ones and costs no memory.
/// </remarks>
internal sealed class StatusWatch(ServerContext site, TimeProvider time)
{
    /// <summary>The time between two snapshots.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromMilliseconds(250);

    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(150);
    private static readonly TimeSpan NamesEvery = TimeSpan.FromSeconds(2);

    private static readonly DateTime StartedAt = Process.GetCurrentProcess().StartTime.ToUniversalTime();

    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _watched = new(StringComparer.Ordinal);
    private readonly Dictionary<string, IdentityProbe> _probes = new(StringComparer.Ordinal);
    private StatusPicture _picture = StatusPicture.Empty;
    private TaskCompletionSource _changed = NewSignal();
    private CancellationTokenSource? _running;
    private Task _run = Task.CompletedTask;
    private StatusPart? _server;
    private long _namesAt;
    private int _clients;

    /// <summary>Starts to watch; disposing the result stops it.</summary>
    /// <param name="identity">The identity whose views are sampled; null for the list of identities alone.</param>
    public IDisposable Join(string? identity)
    {
        lock (_gate)
        {
            if (identity is not null) _watched[identity] = _watched.GetValueOrDefault(identity) + 1;
            if (_clients++ == 0) Start();
        }

        return new Membership(this, identity);
    }

    /// <summary>
    /// The first snapshot with a number greater than the given one; the current one if its number is.
    /// </summary>
    public async Task<StatusPicture> NextAsync(long beyond, CancellationToken cancel)
    {
        while (true)
        {
            Task next;
            lock (_gate)
            {
                if (_picture.Number > beyond) return _picture;
                next = _changed.Task;
            }

            await next.WaitAsync(cancel).ConfigureAwait(false);
        }
    }

    private void Start()
    {
        _running = CancellationTokenSource.CreateLinkedTokenSource(site.Stopping);
        CancellationToken stop = _running.Token;
        Task before = _run;
        _run = Task.Run(() => RunAsync(before, stop), CancellationToken.None);
    }

    private void Leave(string? identity)
    {
        lock (_gate)
        {
            if (identity is not null && --_watched[identity] == 0) _watched.Remove(identity);
            if (--_clients > 0) return;
            _running!.Cancel();
            _running = null;
            _picture = StatusPicture.Empty;
        }
    }

    private async Task RunAsync(Task before, CancellationToken stop)
    {
        await before.ConfigureAwait(false);
        try
        {
            using PeriodicTimer timer = new(Every, time);
            do await LookAsync(stop).ConfigureAwait(false);
            while (await timer.WaitForNextTickAsync(stop).ConfigureAwait(false));
        }
        catch (OperationCanceledException)
        {
            // No client watches any more.
        }
        catch (Exception error)
        {
            Console.Error.WriteLine($"flume: the admin page receives no more updates; reload it: {error}");
        }
    }

    private async Task LookAsync(CancellationToken stop)
    {
        await FindProbesAsync(stop).ConfigureAwait(false);
        List<IdentityProbe> all;
        lock (_gate)
        {
            all = [.. _probes.Values];
            foreach ((string name, IdentityProbe probe) in _probes) probe.Look(_watched.ContainsKey(name), stop);
        }

        Task looks = Task.WhenAll(all.Select(probe => probe.Looking));
        await Task.WhenAny(looks, Task.Delay(Patience, time, stop)).ConfigureAwait(false);
        _server = StatusPart.Make(WriteServer, _server);
        Dictionary<PartKey, StatusPart> parts = new() { [PartKey.Server] = _server };
        foreach (IdentityProbe probe in all)
        {
            foreach ((PartKey key, StatusPart part) in probe.Parts) parts[key] = part;
        }

        Publish(parts, stop);
    }

    private async Task FindProbesAsync(CancellationToken stop)
    {
        if (_namesAt != 0 && time.GetElapsedTime(_namesAt) < NamesEvery) return;
        IReadOnlyList<string> names = await site.Identities.NamesAsync(stop).ConfigureAwait(false);
        _namesAt = time.GetTimestamp();
        lock (_gate)
        {
            foreach (string name in names) _probes.TryAdd(name, new IdentityProbe(name, site.Identities, time));
            foreach (string gone in _probes.Keys.Except(names).ToArray()) _probes.Remove(gone);
        }
    }

    private void Publish(Dictionary<PartKey, StatusPart> parts, CancellationToken stop)
    {
        TaskCompletionSource previous;
        lock (_gate)
        {
            bool isSame = parts.Count == _picture.Parts.Count &&
                parts.All(part => _picture.Parts.TryGetValue(part.Key, out StatusPart? old) && old == part.Value);
            if (isSame || stop.IsCancellationRequested) return;
            _picture = new StatusPicture(_picture.Number + 1, parts);
            (previous, _changed) = (_changed, NewSignal());
        }

        previous.TrySetResult();
    }

    private void WriteServer(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("version", FlumeVersion.Own);
        json.WriteString("packages", FlumeVersion.PackageLine);
        json.WriteString("startedAt", StartedAt);
        json.WriteNumber("memoryBytes", Environment.WorkingSet >> 22 << 22);
        json.WriteNumber("streams", site.Streams.Taken);
        json.WriteNumber("reads", site.Reads.Taken);
        json.WriteNumber("watchers", _clients);
        json.WriteEndObject();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private sealed class Membership(StatusWatch watch, string? identity) : IDisposable
    {
        private int _left;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _left, 1) == 0) watch.Leave(identity);
        }
    }
}
