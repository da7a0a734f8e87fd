using System.Text.Json;

namespace Flume.Torture.Kill;

/// <summary>Clients of one server that work until it is gone.</summary>
internal sealed class Clients(FlumeServer server, Ledger ledger, Attempt attempt, int cycle)
{
    private static readonly int[] GroupSizes = [1, 1, 3, 40, 300];
    private readonly Lock _lock = new();

    /// <summary>Where backups go.</summary>
    public required string BackupFolder { get; init; }

    /// <summary>Appends groups with either durability.</summary>
    public async Task AppendAsync(int number)
    {
        string writer = $"a{cycle}.{number}";
        while (server.IsAlive)
        {
            int size = GroupSizes[Next(GroupSizes.Length)];
            string[] group = [.. Enumerable.Range(0, size).Select(_ => ledger.Next(writer, Next(700)))];
            string durability = Next(2) == 0 ? "fsync" : "os";
            (int status, string body) = await server.PostAsync(
                $"/v1/me/log?durability={durability}", string.Join('\n', group));
            if (status == 0) return;
            if (status == 200) Note(body, group);
            else if (status < 500 || body.Contains("   at ", StringComparison.Ordinal))
                attempt.Violate("an append is answered with an error", $"{status} {body}");
        }
    }

    /// <summary>Publishes messages; some callers leave before their answer.</summary>
    public async Task PublishAsync(int number)
    {
        string? mentioned = null;
        for (int i = 0; server.IsAlive; i++)
        {
            using var leaves = new CancellationTokenSource();
            if (Next(3) == 0) leaves.CancelAfter(TimeSpan.FromMilliseconds(Next(8)));
            string mentions = mentioned is null ? "" : $",\"mentions\":[{{\"link\":\"{mentioned}\"}}]";
            string content = $"[{{\"type\":\"post\",\"text\":\"{cycle}.{number}.{i} #kill\"{mentions}}}]";
            (int status, string body) = await server.CallAsync("me", "publish", content, leaves.Token);
            if (status == 0 && !leaves.IsCancellationRequested) return;
            if (status != 200) continue;
            ledger.Answered();
            ledger.Published[mentioned = Key(body)] = true;
        }
    }

    /// <summary>Deletes messages that were published before.</summary>
    public async Task DeleteAsync()
    {
        while (server.IsAlive)
        {
            string[] known = [.. ledger.Published.Keys.Except(ledger.Deletes.Keys)];
            if (known.Length > 1)
            {
                string key = known[Next(known.Length)];
                ledger.Deletes.TryAdd(key, false);
                (int status, _) = await server.CallAsync("me", "del", $"[\"{key}\"]");
                if (status is 200 or 204) ledger.Deletes[key] = true;
                if (status == 0) return;
            }

            await Task.Delay(Next(40));
        }
    }

    /// <summary>
    /// Rebuilds all views again and again, so that scans, loads, promotions and compactions are interrupted.
    /// </summary>
    public Task RebuildAsync() => LoopAsync(200, async () =>
        (await server.PostAsync("/v1/me/views/rebuild")).Status);

    /// <summary>Pauses and resumes a view, and registers another one: events of the journal.</summary>
    public Task OperateAsync() => LoopAsync(30, async () =>
    {
        bool pauses = ledger.AboutIsPaused != true;
        ledger.AboutIsPaused = null;
        (int status, _) = await server.PostAsync($"/v1/me/views/about/{(pauses ? "pause" : "resume")}");
        if (status == 200) ledger.AboutIsPaused = pauses;
        const string definition = "{\"query\":[{\"$filter\":{\"torture\":{\"$gt\":0}}},{\"$map\":{\"n\":\"torture\"}}]}";
        return (await server.PostAsync("/v1/me/views/mine", definition)).Status;
    });

    /// <summary>Backs up again and again into the same folder.</summary>
    public Task BackUpAsync() => LoopAsync(50, async () =>
    {
        (int status, string body) = await server.PostAsync(
            $"/v1/me/backup?to={Uri.EscapeDataString(BackupFolder)}");
        ledger.HasBackup |= status == 200 && body.Contains("\"backup\"", StringComparison.Ordinal);
        return status;
    });

    private async Task LoopAsync(int pauseMs, Func<Task<int>> step)
    {
        while (server.IsAlive && await step() != 0)
            await Task.Delay(Next(pauseMs));
    }

    private void Note(string body, string[] group)
    {
        ledger.Answered();
        using JsonDocument answer = JsonDocument.Parse(body);
        int i = 0;
        foreach (JsonElement offset in answer.RootElement.GetProperty("offsets").EnumerateArray())
            ledger.Appended[offset.GetInt64()] = group[i++];
    }

    private static string Key(string body)
    {
        using JsonDocument message = JsonDocument.Parse(body);
        return message.RootElement.GetProperty("key").GetString()!;
    }

    private int Next(int below)
    {
        lock (_lock) return attempt.Random.Next(below);
    }
}
