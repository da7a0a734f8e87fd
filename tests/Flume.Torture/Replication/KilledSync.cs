using System.Text.Json;

namespace Flume.Torture.Replication;

/// <summary>One sender with several feeds and one receiver: kills, then one start that completes everything.</summary>
internal sealed class KilledSync
{
    private const int RoundsMin = 2, RoundsMax = 50, DelayMsMax = 700;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly Attempt _attempt;
    private readonly TortureOptions _options;
    private readonly string _config;
    private readonly SyncLog _from;
    private readonly SyncLog _to;

    public KilledSync(Attempt attempt)
    {
        (_attempt, _options) = (attempt, attempt.Run.Options);
        _from = new SyncLog(attempt, Path.Combine(attempt.Folder, "a"));
        _to = new SyncLog(attempt, Path.Combine(attempt.Folder, "b"));
        _config = Path.Combine(attempt.Folder, "c.conf");
        File.WriteAllText(
            _config, "flume.replication { enabled = on, retry-ms = 100, outgoing-max = 0 }\nakka.loglevel = WARNING\n");
    }

    /// <summary>Kills, judges, and completes.</summary>
    public async Task RunAsync()
    {
        string owner = SyncFeeds.Write(_from.Folder, _attempt.Random);
        SyncFeeds.WriteFollower(_to.Folder, owner);
        int rounds = _attempt.Random.Next(5, RoundsMax);
        for (int round = 0; round < rounds && (round < RoundsMin || !_attempt.Run.IsOver); round++)
        {
            await KillAsync(round);
            Judge();
        }

        await CompleteAsync();
        Judge();
        Dictionary<string, long> from = _from.Feeds(), to = _to.Feeds();
        foreach ((string feed, long newest) in from.Where(one => to.GetValueOrDefault(one.Key) != one.Value))
            _attempt.Violate("a feed is incomplete at the end", $"{feed}: {to.GetValueOrDefault(feed)} of {newest}");
        _attempt.Run.Note("messages replicated", (int)to.Values.Sum());
    }

    private FlumeServer Start(SyncLog log) =>
        FlumeServer.Start(_options, log.Data, ["--muxrpc", "127.0.0.1:0", "--config", _config]);

    private async Task KillAsync(int round)
    {
        using FlumeServer from = Start(_from), to = Start(_to);
        if (!await IsConnectedAsync(from, to)) return;
        Task publishing = PublishAsync(from, round);
        await Task.Delay(_attempt.Random.Next(DelayMsMax));
        int who = _attempt.Random.Next(3);
        _attempt.Run.Count();
        _attempt.Run.Note(who == 0 ? "kills of the sender" : who == 1 ? "kills of the receiver" : "kills of both");
        if (who != 1) await from.KillAsync();
        if (who != 0) await to.KillAsync();

        // The other side goes on for a moment, then ends cleanly or not.
        await Task.Delay(_attempt.Random.Next(50));
        if (_attempt.Random.Next(2) == 0) await Task.WhenAll(from.StopAsync(Patience), to.StopAsync(Patience));
        await from.KillAsync();
        await to.KillAsync();
        await publishing;
    }

    private async Task<bool> IsConnectedAsync(FlumeServer from, FlumeServer to)
    {
        foreach (FlumeServer server in (FlumeServer[])[from, to])
        {
            if (await server.AnnouncedAsync(Patience)) continue;
            _attempt.Violate("a server does not start after a kill", server.Output);
            return false;
        }

        string address = $"net:127.0.0.1:{from.Muxrpc!.Port}~shs:{_from.PublicKey}";
        DateTime late = DateTime.UtcNow + Patience;
        while (DateTime.UtcNow < late)
        {
            // The views of a server that was killed may have to catch up before it replicates.
            string args = JsonSerializer.Serialize(new[] { address });
            (int status, string body) = await to.CallAsync("me", "conn.connect", args);
            if (status == 200) return true;
            await Task.Delay(50);
            if (DateTime.UtcNow > late) _attempt.Violate("a server does not connect after a kill", body);
        }

        return false;
    }

    private static async Task PublishAsync(FlumeServer from, int round)
    {
        for (int i = 0; i < 20 && from.IsAlive; i++)
        {
            await from.CallAsync("me", "publish", $"[{{\"type\":\"post\",\"text\":\"live {round} {i}\"}}]");
            await Task.Delay(10);
        }
    }

    private async Task CompleteAsync()
    {
        using FlumeServer from = Start(_from), to = Start(_to);
        if (!await IsConnectedAsync(from, to)) return;
        Dictionary<string, long> goal = _from.Feeds();
        DateTime late = DateTime.UtcNow + Patience;
        while (DateTime.UtcNow < late && !goal.All(feed => _to.Feeds().GetValueOrDefault(feed.Key) >= feed.Value))
            await Task.Delay(200);
        await Task.WhenAll(from.StopAsync(Patience), to.StopAsync(Patience));
    }

    /// <summary>Compares both logs with what must hold, and the stored clocks with the logs of the peers.</summary>
    private void Judge()
    {
        Dictionary<string, long> from = _from.Feeds(), to = _to.Feeds();
        foreach ((string feed, long newest) in to.Where(one => one.Key != _to.Id))
        {
            long has = from.GetValueOrDefault(feed);
            if (newest > has) _attempt.Violate("the receiver has more than the sender", $"{feed}: {newest} of {has}");
        }

        JudgeClock(_to, from, _from.Id);
        JudgeClock(_from, to, _to.Id);
    }

    private void JudgeClock(SyncLog of, Dictionary<string, long> peer, string peerId)
    {
        foreach ((string feed, long sequence) in of.ClockOf(peerId))
        {
            long has = peer.GetValueOrDefault(feed);
            if (sequence > has)
                _attempt.Violate("a stored clock is above what its peer has", $"{feed}: {sequence} of {has}");
        }
    }
}
