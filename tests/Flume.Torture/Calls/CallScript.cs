using System.Text.Json;

namespace Flume.Torture.Calls;

/// <summary>What clients do while a call fails: a bit of everything that writes. Notes what was acknowledged.</summary>
internal sealed class CallScript(FlumeServer server, string backup)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    /// <summary>Acknowledged records by identity and offset.</summary>
    public Dictionary<(string Identity, long Offset), string> Appended { get; } = [];

    /// <summary>Keys of acknowledged messages.</summary>
    public List<string> Published { get; } = [];

    /// <summary>The key of a message of which a delete was asked, and whether it was acknowledged.</summary>
    public (string Key, bool IsDone)? Deleted { get; private set; }

    /// <summary>Each step with its status and answer; status 0 for none in time.</summary>
    public List<(string Step, int Status, string Body)> Answers { get; } = [];

    /// <summary>Runs all steps.</summary>
    public async Task RunAsync()
    {
        for (int i = 0; i < 2; i++)
        {
            await AppendAsync("me", "fsync", $"{{\"i\":{i},\"pad\":\"{new string('p', 300)}\"}}");
            await AppendAsync("me", "os", $"{{\"os\":{i}}}");
        }

        await PublishAsync("one");
        await PublishAsync("two");
        await DeleteAsync();
        await DoAsync("pause", "/v1/me/views/search/pause");
        await DoAsync("resume", "/v1/me/views/search/resume");
        await DoAsync("register", "/v1/me/views/mine", "{\"query\":[{\"$filter\":{\"i\":1}}]}");
        await DoAsync("create", "/v1/identities/carl");
        await AppendAsync("carl", "fsync", "{\"c\":1}");
        await DoAsync("rebuild", "/v1/me/views/rebuild");
        await DoAsync("backup", $"/v1/me/backup?to={Uri.EscapeDataString(backup)}");
        await AppendAsync("me", "fsync", "{\"i\":9}");
        await AppendAsync("bob", "fsync", "{\"bob\":1}");
    }

    /// <summary>Appends one record; true when it was acknowledged.</summary>
    public async Task<bool> AppendAsync(string identity, string durability, string record)
    {
        (int status, string body) = await DoAsync(
            $"append to {identity}", $"/v1/{identity}/log?durability={durability}", record);
        if (status != 200) return false;
        using JsonDocument answer = JsonDocument.Parse(body);
        Appended[(identity, answer.RootElement.GetProperty("offsets")[0].GetInt64())] = record;
        return true;
    }

    /// <summary>Publishes a message; true when it was acknowledged.</summary>
    public async Task<bool> PublishAsync(string text)
    {
        const string call = "{\"name\":[\"publish\"],\"args\":[{\"type\":\"post\",\"text\":\"TEXT\"}]}";
        (int status, string body) = await DoAsync(
            "publish", "/v1/me/rpc", call.Replace("TEXT", text, StringComparison.Ordinal));
        if (status != 200) return false;
        using JsonDocument message = JsonDocument.Parse(body);
        Published.Add(message.RootElement.GetProperty("key").GetString()!);
        return true;
    }

    private async Task DeleteAsync()
    {
        if (Published.Count < 2) return;
        string key = Published[0];
        (int status, _) = await DoAsync(
            "del", "/v1/me/rpc", $"{{\"name\":[\"del\"],\"args\":[\"{key}\"]}}");
        Deleted = (key, status is 200 or 204);
    }

    private async Task<(int Status, string Body)> DoAsync(string step, string path, string? body = null)
    {
        using var late = new CancellationTokenSource(Patience);
        (int Status, string Body) answer = await server.AskAsync(HttpMethod.Post, path, body, late.Token);
        Answers.Add((step, answer.Status, answer.Body));
        return answer;
    }
}
