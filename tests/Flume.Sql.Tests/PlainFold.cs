using System.Text;
using System.Text.Json;
using Flume.Log;

namespace Flume.Sql.Tests;

/// <summary>
/// What the tables must hold, derived a second time: plain code over JsonDocument, ids as texts, no SQL.
/// </summary>
internal sealed class PlainFold
{
    private readonly HashSet<string> _keys = [];
    private readonly List<string> _messages = [], _links = [], _mentions = [], _blobs = [], _branches = [], _abouts = [];
    private readonly List<(string Author, string Key)> _votes = [];
    private readonly Dictionary<(string Author, string Contact), int> _contacts = [];

    public PlainFold(OffsetLog log)
    {
        foreach (LogRecord record in Records(log)) Add(record);
    }

    public string Messages => Lines(_messages);

    public string Links => Lines(_links);

    public string Mentions => Lines(_mentions);

    public string BlobLinks => Lines(_blobs);

    public string Branches => Lines(_branches);

    public string Abouts => Lines(_abouts);

    public string Votes => Lines(_votes.Select(vote => $"{vote.Author}|{vote.Key}"));

    public string Contacts => Lines(_contacts.Select(row => $"{row.Key.Author}|{row.Key.Contact}|{row.Value}"));

    public static string Lines(IEnumerable<string> lines) => string.Join('\n', lines.Order(StringComparer.Ordinal));

    private static IEnumerable<LogRecord> Records(OffsetLog log)
    {
        LogCursor cursor = log.Read(LogRange.All);
        while (cursor.MoveNext()) yield return cursor.Current;
    }

    private void Add(LogRecord record)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(record.Payload.ToArray(), new JsonDocumentOptions { MaxDepth = 1000 });
        }
        catch (JsonException)
        {
            return;
        }

        using (document)
        {
            JsonElement root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || Text(root, "key") is not { } key) return;
            if (!root.TryGetProperty("value", out JsonElement value) || value.ValueKind != JsonValueKind.Object) return;
            if (_keys.Add(key)) Add(record.Offset.Value, key, value);
        }
    }

    private void Add(long offset, string key, JsonElement value)
    {
        string? author = Text(value, "author");
        JsonElement content = value.TryGetProperty("content", out JsonElement found) ? found : default;
        bool isOpen = content.ValueKind is not (JsonValueKind.String or JsonValueKind.Undefined);
        string? type = isOpen ? Text(content, "type") : null;
        string? root = isOpen ? Text(content, "root") : null, fork = isOpen ? Text(content, "fork") : null;
        string raw = isOpen ? content.GetRawText() : "null";
        _messages.Add($"{offset}|{key}|{author ?? "NULL"}|{type ?? "NULL"}|{root ?? "NULL"}|{fork ?? "NULL"}|{raw}");
        if (!isOpen) return;
        AddBranches(key, content);
        if (type == "vote") AddVote(author, content);
        else Walk(key, content);
        if (Text(content, "contact") is { } contact && author is not null)
            _contacts[(author, contact)] = IsTrue(content, "blocking") ? -1 : IsTrue(content, "following") ? 1 : 0;
        if (Text(content, "about") is { } about)
            _abouts.Add($"{key}|{(about.StartsWith('@') ? about : "NULL")}|{(about.StartsWith('%') ? about : "NULL")}");
    }

    private void AddBranches(string key, JsonElement content)
    {
        if (content.ValueKind != JsonValueKind.Object || !content.TryGetProperty("branch", out JsonElement branch)) return;
        JsonElement[] items = branch.ValueKind == JsonValueKind.Array ? [.. branch.EnumerateArray()] : [branch];
        foreach (JsonElement item in items)
            if (item.ValueKind == JsonValueKind.String) _branches.Add($"{key}|{item.GetString()}");
    }

    private void AddVote(string? author, JsonElement content)
    {
        if (author is null || !content.TryGetProperty("vote", out JsonElement vote) || vote.ValueKind != JsonValueKind.Object) return;
        if (!vote.TryGetProperty("value", out JsonElement value) || value.ValueKind != JsonValueKind.Number) return;
        if (Text(vote, "link") is not { } link) return;
        if (value.GetDouble() != 1) _votes.Remove((author, link));
        else if (!_votes.Contains((author, link))) _votes.Add((author, link));
    }

    private void Walk(string key, JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.Array)
        {
            foreach (JsonElement item in element.EnumerateArray()) Walk(key, item);
            return;
        }

        if (element.ValueKind != JsonValueKind.Object) return;
        var last = new Dictionary<string, JsonElement>();
        foreach (JsonProperty member in element.EnumerateObject()) last[member.Name] = member.Value;
        foreach ((string name, JsonElement member) in last)
        {
            Walk(key, member);
            if (name == "link" && member.ValueKind == JsonValueKind.String) AddLink(key, member.GetString()!);
        }
    }

    private void AddLink(string key, string link)
    {
        List<string>? to = link.Length == 0 ? null : link[0] switch
        {
            '%' => _links,
            '@' => _mentions,
            '&' => _blobs,
            _ => null,
        };
        to?.Add($"{key}|{link}");
    }

    private static bool IsTrue(JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement member) && member.ValueKind == JsonValueKind.True;

    private static string? Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out JsonElement member)
        && member.ValueKind == JsonValueKind.String ? member.GetString() : null;
}
