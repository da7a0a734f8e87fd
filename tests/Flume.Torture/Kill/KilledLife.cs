using System.Text.Json;

namespace Flume.Torture.Kill;

/// <summary>
/// One data directory: a number of kills with a judgement behind each, then one start that must heal everything.
/// </summary>
internal sealed class KilledLife
{
    private const int CyclesMax = 24;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
    private static readonly int[] AnswersBeforeKill = [1, 1, 2, 5, 20];
    private static readonly string[] Temporary = [".new", ".importing", ".compact"];

    private readonly Attempt _attempt;
    private readonly TortureOptions _options;
    private readonly Ledger _ledger = new();
    private readonly string _data;
    private readonly string _config;

    public KilledLife(Attempt attempt)
    {
        (_attempt, _options) = (attempt, attempt.Run.Options);
        _data = Path.Combine(attempt.Folder, "d");
        _config = Path.Combine(attempt.Folder, "c.conf");
        // Short times and a small journal, so that kills meet flushes, checkpoints and the journal's compaction.
        File.WriteAllText(
            _config, "flume.views.flush-every-ms = 150\nflume.journal.compact-bytes = 4KiB\nakka.loglevel = WARNING\n");
    }

    private string LogPath => Path.Combine(_data, "identities", "me", "log.offset");

    private string BackupFolder => Path.Combine(_attempt.Folder, "b");

    /// <summary>Kills, judges, and heals.</summary>
    public async Task RunAsync()
    {
        Directory.CreateDirectory(_data);
        if (_attempt.Random.Next(3) == 0) await KillImportAsync();
        if (!File.Exists(LogPath)) Vectors.PutIdentity(_data, "me");
        (string id, long newest) = Own();
        int cycles = _attempt.Random.Next(6, CyclesMax);
        for (int cycle = 0; cycle < cycles && !_attempt.Run.IsOver; cycle++)
        {
            await KillServerAsync(cycle);
            new LogJudge(_attempt, _ledger, LogPath).Judge(id, newest);
            if (_ledger.HasBackup && _attempt.Random.Next(6) == 0) await RestoreAsync();
        }

        _attempt.Run.Note("records acknowledged", _ledger.Appended.Count);
        _attempt.Run.Note("messages acknowledged", _ledger.Published.Count);
        _attempt.Run.Note("deletes acknowledged", _ledger.Deletes.Values.Count(isDone => isDone));
        await HealAsync();
        new LogJudge(_attempt, _ledger, LogPath).Judge(id, newest);
    }

    private static (string Id, long Newest) Own()
    {
        string secret = string.Concat(File.ReadLines(Vectors.Secret).Where(line => !line.StartsWith('#')));
        using JsonDocument keys = JsonDocument.Parse(secret);
        return (keys.RootElement.GetProperty("id").GetString()!, 0);
    }

    private async Task KillServerAsync(int cycle)
    {
        using FlumeServer server = FlumeServer.Start(_options, _data, ["--config", _config]);
        List<Task> working = [];
        bool diesStarting = _attempt.Random.Next(6) == 0;
        if (!diesStarting)
        {
            if (!await server.AnnouncedAsync(Patience))
            {
                _attempt.Violate("a server does not start after a kill", server.Output);
                return;
            }

            _ledger.BeginCycle();
            working.AddRange(Work(server, cycle));
            int answers = AnswersBeforeKill[_attempt.Random.Next(AnswersBeforeKill.Length)];
            DateTime late = DateTime.UtcNow + Patience;
            while (_ledger.Answers < answers && server.IsAlive && DateTime.UtcNow < late) await Task.Delay(5);
        }

        await Task.Delay(_attempt.Random.Next(diesStarting ? 1200 : 300));
        await server.KillAsync();
        await Task.WhenAll(working);
        _attempt.Run.Count();
        _attempt.Run.Note(diesStarting ? "kills while starting" : "kills while serving");
    }

    private IEnumerable<Task> Work(FlumeServer server, int cycle)
    {
        var clients = new Clients(server, _ledger, _attempt, cycle) { BackupFolder = BackupFolder };
        yield return clients.AppendAsync(0);
        if (_attempt.Random.Next(2) == 0) yield return clients.AppendAsync(1);
        if (_attempt.Random.Next(3) > 0) yield return clients.PublishAsync(0);
        if (_attempt.Random.Next(2) == 0) yield return clients.PublishAsync(1);
        if (_attempt.Random.Next(2) == 0) yield return clients.DeleteAsync();
        if (_attempt.Random.Next(3) == 0) yield return clients.RebuildAsync();
        if (_attempt.Random.Next(3) == 0) yield return clients.OperateAsync();
        if (_attempt.Random.Next(4) == 0) yield return clients.BackUpAsync();
    }

    /// <summary>A killed import leaves the whole log under its name or none, and the next import succeeds.</summary>
    private async Task KillImportAsync()
    {
        string[] import = ["import", Vectors.Log, "--secret", Vectors.Secret, "--identity", "me", "--data", _data];
        await FlumeVerb.KillAsync(_options, _attempt.Random.Next(900), import);
        _attempt.Run.Count();
        _attempt.Run.Note("kills of an import");
        if (File.Exists(LogPath))
        {
            if (new FileInfo(LogPath).Length != new FileInfo(Vectors.Log).Length)
                _attempt.Violate("a killed import leaves a part of the log under its name", LogPath);
            return;
        }

        (int code, string output) = await FlumeVerb.RunAsync(_options, import);
        if (code != 0) _attempt.Violate("an import after a killed import fails", $"exit {code}: {output}");
    }

    /// <summary>The newest backup is whole, whatever a later one was doing when it died.</summary>
    private async Task RestoreAsync()
    {
        string restored = Path.Combine(_attempt.Folder, "r");
        if (Directory.Exists(restored)) Directory.Delete(restored, recursive: true);
        (int code, string output) = await FlumeVerb.RunAsync(
            _options, "restore", BackupFolder, "--data", restored);
        if (code != 0)
        {
            _attempt.Violate("an acknowledged backup cannot be restored", $"exit {code}: {output}");
            return;
        }

        _attempt.Run.Note("restores");
        (code, output) = await FlumeVerb.RunAsync(_options, "verify", "--data", restored);
        if (code != 0) _attempt.Violate("a restored log does not verify", $"exit {code}: {output}");
    }

    /// <summary>
    /// One clean start and stop: afterwards logs verify, every view is the fold of its log, nothing is left over.
    /// </summary>
    private async Task HealAsync()
    {
        using (FlumeServer server = FlumeServer.Start(_options, _data, ["--config", _config]))
        {
            if (!await server.AnnouncedAsync(Patience))
            {
                _attempt.Violate("a server does not start after a kill", server.Output);
                return;
            }

            await JudgePauseAsync(server);
            await server.PostAsync("/v1/me/views/about/resume");
            if (!await server.LiveAsync("me", Patience))
                _attempt.Violate("views do not become live after a kill", (await server.GetAsync("/v1/me/views")).Body);
            if (await server.StopAsync(Patience) is not 0)
                _attempt.Violate("a clean stop fails", server.Output);
        }

        await ExpectAsync("verify", "--data", _data, "--ids");
        await ExpectAsync("check", "--data", _data, "--identity", "me");
        string[] left = [.. Directory.EnumerateFiles(_data, "*", SearchOption.AllDirectories)
            .Where(file => Temporary.Any(end => file.EndsWith(end, StringComparison.Ordinal)))];
        if (left.Length > 0) _attempt.Violate("files are left over after a clean start", string.Join(", ", left));
        foreach (string view in Directory.GetDirectories(Path.Combine(_data, "identities", "me", "views")))
            if (Directory.GetDirectories(view, "store-*").Length > 1)
                _attempt.Violate("a store is left over after a clean start", view);
    }

    private async Task JudgePauseAsync(FlumeServer server)
    {
        if (_ledger.AboutIsPaused is not { } expected) return;
        (int status, string body) = await server.GetAsync("/v1/me/views/about");
        if (status != 200) return;
        using JsonDocument about = JsonDocument.Parse(body);
        bool isPaused = about.RootElement.GetProperty("paused").ValueKind != JsonValueKind.Null;
        if (isPaused != expected) _attempt.Violate("an acknowledged pause or resume is forgotten", body);
    }

    private async Task ExpectAsync(params string[] verb)
    {
        (int code, string output) = await FlumeVerb.RunAsync(_options, verb);
        if (code != 0) _attempt.Violate($"{verb[0]} finds something after the kills", $"exit {code}: {output}");
    }
}
