using System.Diagnostics;
using System.Text.Json;
using Flume.Host.Cli;
using Flume.Host.Http;

namespace Flume.Host.Admin.Events;

/// <summary>Looks at everything that is served, four times a second at most, while anybody watches.</summary>
/// <remarks>
/// 1. However many clients watch, each thing is looked at once; without clients nothing runs.
/// 2. There is one present picture. A client that is slow skips those between: it costs no memory.
/// </remarks>
internal sealed class StatusWatch(ServerContext site, TimeProvider time)
{
    /// <summary>The time between two pictures.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromMilliseconds(250);

    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(150);
    private static readonly TimeSpan NamesEvery = TimeSpan.FromSeconds(2);

    private static readonly DateTime StartedAt = Process.GetCurrentProcess().StartTime.ToUniversalTime();

    private readonly Lock gate = new();
    private readonly Dictionary<string, int> watched = new(StringComparer.Ordinal);
    private readonly Dictionary<string, IdentityProbe> probes = new(StringComparer.Ordinal);
    private StatusPicture picture = StatusPicture.Empty;
    private TaskCompletionSource news = NewNews();
    private CancellationTokenSource? running;
    private Task run = Task.CompletedTask;
    private StatusPart? server;
    private long namesAt;
    private int clients;

    /// <summary>Begins to watch; dispose the answer to end that.</summary>
    /// <param name="identity">Whose views are wanted; null for the list of identities alone.</param>
    public IDisposable Join(string? identity)
    {
        lock (gate)
        {
            if (identity is not null) watched[identity] = watched.GetValueOrDefault(identity) + 1;
            if (clients++ == 0) Start();
        }

        return new Membership(this, identity);
    }

    /// <summary>The first picture beyond a number; the present one when that is.</summary>
    public async Task<StatusPicture> NextAsync(long beyond, CancellationToken cancel)
    {
        while (true)
        {
            Task next;
            lock (gate)
            {
                if (picture.Number > beyond) return picture;
                next = news.Task;
            }

            await next.WaitAsync(cancel).ConfigureAwait(false);
        }
    }

    private void Start()
    {
        running = CancellationTokenSource.CreateLinkedTokenSource(site.Stopping);
        CancellationToken stop = running.Token;
        Task before = run;
        run = Task.Run(() => RunAsync(before, stop), CancellationToken.None);
    }

    private void Leave(string? identity)
    {
        lock (gate)
        {
            if (identity is not null && --watched[identity] == 0) watched.Remove(identity);
            if (--clients > 0) return;
            running!.Cancel();
            running = null;
            picture = StatusPicture.Empty;
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
            // Nobody watches any more.
        }
        catch (Exception error)
        {
            Console.Error.WriteLine($"flume: the admin page gets no news until it is loaded again: {error}");
        }
    }

    private async Task LookAsync(CancellationToken stop)
    {
        await FindProbesAsync(stop).ConfigureAwait(false);
        List<IdentityProbe> all;
        lock (gate)
        {
            all = [.. probes.Values];
            foreach ((string name, IdentityProbe probe) in probes) probe.Look(watched.ContainsKey(name), stop);
        }

        Task looks = Task.WhenAll(all.Select(probe => probe.Looking));
        await Task.WhenAny(looks, Task.Delay(Patience, time, stop)).ConfigureAwait(false);
        server = StatusPart.Make(WriteServer, server);
        Dictionary<PartKey, StatusPart> parts = new() { [PartKey.Server] = server };
        foreach (IdentityProbe probe in all)
        {
            foreach ((PartKey key, StatusPart part) in probe.Parts) parts[key] = part;
        }

        Publish(parts, stop);
    }

    private async Task FindProbesAsync(CancellationToken stop)
    {
        if (namesAt != 0 && time.GetElapsedTime(namesAt) < NamesEvery) return;
        IReadOnlyList<string> names = await site.Identities.NamesAsync(stop).ConfigureAwait(false);
        namesAt = time.GetTimestamp();
        lock (gate)
        {
            foreach (string name in names) probes.TryAdd(name, new IdentityProbe(name, site.Identities, time));
            foreach (string gone in probes.Keys.Except(names).ToArray()) probes.Remove(gone);
        }
    }

    private void Publish(Dictionary<PartKey, StatusPart> parts, CancellationToken stop)
    {
        TaskCompletionSource told;
        lock (gate)
        {
            bool isSame = parts.Count == picture.Parts.Count &&
                parts.All(part => picture.Parts.TryGetValue(part.Key, out StatusPart? old) && old == part.Value);
            if (isSame || stop.IsCancellationRequested) return;
            picture = new StatusPicture(picture.Number + 1, parts);
            (told, news) = (news, NewNews());
        }

        told.TrySetResult();
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
        json.WriteNumber("watchers", clients);
        json.WriteEndObject();
    }

    private static TaskCompletionSource NewNews() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private sealed class Membership(StatusWatch watch, string? identity) : IDisposable
    {
        private int left;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref left, 1) == 0) watch.Leave(identity);
        }
    }
}
