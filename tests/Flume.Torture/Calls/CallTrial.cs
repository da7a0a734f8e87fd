using System.Text;
using System.Text.Json;

namespace Flume.Torture.Calls;

/// <summary>One failing call: a server runs the script, goes on when the disk is well again, and starts anew.</summary>
internal sealed class CallTrial(Attempt attempt, Shim shim, CallTemplate template)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60), Recovery = TimeSpan.FromSeconds(20);

    private readonly string _data = Path.Combine(attempt.Folder, "d");
    private string _fault = "";
    private CallScript? _script;

    /// <summary>False when the run has no such call.</summary>
    public async Task<bool> RunAsync(Fault fault)
    {
        template.CopyTo(_data);
        shim.Arm(fault);
        TortureOptions shimmed = attempt.Run.Options with { Flume = shim.Program };
        using (FlumeServer server = FlumeServer.Start(shimmed, _data, [], shim.Environment(attempt.Folder)))
        {
            bool isServing = await server.AnnouncedAsync(Patience);
            if (isServing)
            {
                _script = new CallScript(server, Path.Combine(attempt.Folder, "b"));
                await _script.RunAsync();
            }

            shim.Disarm();
            if (shim.Fired == 0) return false;
            _fault = $"{fault} [{Path.GetRelativePath(attempt.Folder, shim.LastPath)}]";
            if (isServing) await GoOnAsync(server);
            else JudgeRefusedStart(server);
            if (await server.StopAsync(Patience) is null) Violate("the server does not stop", server.Output);
        }

        await StartAgainAsync();
        JudgeLogs();
        foreach (string wrong in await RowsJudge.CompareAsync(_data, "me"))
            Violate("rows differ from the log after a restart", wrong);
        return true;
    }

    private void JudgeRefusedStart(FlumeServer server)
    {
        attempt.Run.Note("starts refused");
        if (server.IsAlive) Violate("a start neither succeeds nor fails", server.Output);
        else if (server.Output.Length == 0) Violate("a start fails in silence", $"exit {server.ExitCode}");
        else if (server.Output.Contains("Unhandled exception", StringComparison.Ordinal))
            Violate("a start fails with a stack", server.Output);
    }

    private async Task GoOnAsync(FlumeServer server)
    {
        foreach ((string step, int status, string body) in _script!.Answers)
        {
            if (status == 0) Violate($"no answer to {step}", body);
            else if (body.Contains("   at ", StringComparison.Ordinal))
                Violate("an answer with a stack", $"{step}: {body}");
            else attempt.Run.Note(status < 300 ? "answers of success" : "clear refusals");
        }

        if (!server.IsAlive)
        {
            Violate("the process ended", $"exit {server.ExitCode}: {server.Output}");
            return;
        }

        (_, int bobs, string why) = _script.Answers[^1];
        bool isShared = shim.LastPath.Contains("/bob/", StringComparison.Ordinal)
            || shim.LastPath.Contains("journal", StringComparison.Ordinal);
        if (bobs != 200 && !isShared) Violate("another identity is affected", $"{bobs} {why}");
        if (!await RecoversAsync())
            Violate("appends are refused though the disk is well", _script.Answers[^1].Body);
        if (!await server.LiveAsync("me", Recovery))
            attempt.Run.Note($"views are not live {Recovery.TotalSeconds} s after the fault");
    }

    private async Task<bool> RecoversAsync()
    {
        DateTime end = DateTime.UtcNow + Recovery;
        while (DateTime.UtcNow < end)
        {
            if (await _script!.AppendAsync("me", "fsync", "{\"later\":1}")) return true;
            await Task.Delay(300);
        }

        return false;
    }

    private async Task StartAgainAsync()
    {
        using FlumeServer server = FlumeServer.Start(attempt.Run.Options, _data);
        if (!await server.AnnouncedAsync(Patience))
        {
            Violate("no start after the fault", server.Output);
            return;
        }

        var script = new CallScript(server, "");
        if (!await script.AppendAsync("me", "fsync", "{\"again\":1}"))
            Violate("no append after a restart", script.Answers[^1].Body);
        if (!await script.PublishAsync("again"))
            Violate("no publish after a restart", script.Answers[^1].Body);
        if (!await server.LiveAsync("me", Patience))
            Violate("views do not become live after a restart", (await server.GetAsync("/v1/me/views")).Body);
        if (await server.StopAsync(Patience) is not 0)
            Violate("a clean stop fails after a restart", server.Output);
    }

    private void JudgeLogs()
    {
        foreach (string name in (string[])["me", "bob", "carl"])
        {
            string path = Path.Combine(_data, "identities", name, "log.offset");
            (SortedDictionary<long, byte[]> records, long end) = RawLog.Read(path);
            if (File.Exists(path) && end != new FileInfo(path).Length)
                Violate("a log does not verify", $"{name} from {end} on");
            foreach (((string identity, long offset), string record) in _script?.Appended ?? [])
            {
                bool isThere = records.TryGetValue(offset, out byte[]? payload)
                    && Encoding.UTF8.GetString(payload) == record;
                if (identity == name && !isThere) Violate("an acknowledged record is lost", $"{name} at {offset}");
            }

            if (name == "me") JudgeMessages(records.Values);
        }
    }

    private void JudgeMessages(IEnumerable<byte[]> payloads)
    {
        HashSet<string> keys = [];
        HashSet<(string, long)> numbers = [];
        foreach (byte[] payload in payloads.Where(payload => !RawLog.IsZeros(payload)))
        {
            using JsonDocument message = JsonDocument.Parse(payload);
            if (!message.RootElement.TryGetProperty("key", out JsonElement key)) continue;
            keys.Add(key.GetString()!);
            JsonElement value = message.RootElement.GetProperty("value");
            if (!numbers.Add((value.GetProperty("author").GetString()!, value.GetProperty("sequence").GetInt64())))
                Violate("a sequence is used twice", value.GetProperty("sequence").ToString());
        }

        foreach (string key in _script?.Published ?? [])
            if (!keys.Contains(key) && _script!.Deleted?.Key != key) Violate("an acknowledged message is lost", key);
        if (_script?.Deleted is { IsDone: true } deleted && keys.Contains(deleted.Key))
            Violate("an acknowledged delete is undone", deleted.Key);
    }

    private void Violate(string sort, string details) => attempt.Violate(sort, $"{_fault}: {details}");
}
