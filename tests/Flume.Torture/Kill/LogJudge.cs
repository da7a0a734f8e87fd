using System.Text;
using System.Text.Json;

namespace Flume.Torture.Kill;

/// <summary>Compares the log that a killed server left with what its clients know.</summary>
internal sealed class LogJudge(Attempt attempt, Ledger ledger, string path)
{
    private readonly Dictionary<string, long> _published = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _lastOf = new(StringComparer.Ordinal);
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private readonly List<(long Sequence, string Previous, string Key)> _own = [];

    /// <summary>Reads the log and reports what is lost, doubled, invented, forked or out of order.</summary>
    public void Judge(string ownId, long from)
    {
        (SortedDictionary<long, byte[]> records, _) = RawLog.Read(path);
        foreach ((long offset, byte[] payload) in records)
        {
            if (RawLog.IsZeros(payload)) continue;
            string text = Encoding.UTF8.GetString(payload);
            if (text.StartsWith("{\"torture\"", StringComparison.Ordinal)) JudgeRecord(offset, text);
            else JudgeMessage(offset, text, ownId);
        }

        foreach ((long offset, string record) in ledger.Appended)
            if (!records.TryGetValue(offset, out byte[]? payload) || Encoding.UTF8.GetString(payload) != record)
                attempt.Violate("an acknowledged record is lost", $"at {offset}");
        JudgeKeys();
        JudgeFeed(from);
    }

    private void JudgeRecord(long offset, string text)
    {
        if (!_seen.Add(text)) attempt.Violate("a record is stored twice", $"at {offset}: {text[..40]}");
        if (!ledger.Sent.TryGetValue(text, out (string Writer, int Number) sent))
        {
            attempt.Violate("a record was never sent", $"at {offset}: {text[..40]}");
            return;
        }

        if (_lastOf.GetValueOrDefault(sent.Writer) > sent.Number)
            attempt.Violate("records of one writer are out of order", $"{sent.Number} at {offset} by {sent.Writer}");
        _lastOf[sent.Writer] = sent.Number;
    }

    private void JudgeMessage(long offset, string text, string ownId)
    {
        try
        {
            using JsonDocument message = JsonDocument.Parse(text);
            string key = message.RootElement.GetProperty("key").GetString()!;
            if (!_published.TryAdd(key, offset)) attempt.Violate("a message is stored twice", $"{key} at {offset}");
            JsonElement value = message.RootElement.GetProperty("value");
            if (value.GetProperty("author").GetString() == ownId)
            {
                string previous = value.GetProperty("previous").GetString() ?? "";
                _own.Add((value.GetProperty("sequence").GetInt64(), previous, key));
            }
        }
        catch (JsonException broken)
        {
            attempt.Violate("a record is no JSON", $"at {offset}: {broken.Message}");
        }
    }

    private void JudgeKeys()
    {
        foreach (string key in ledger.Published.Keys)
        {
            bool isThere = _published.ContainsKey(key);
            bool isDeleting = ledger.Deletes.TryGetValue(key, out bool isDeleted);
            if (!isThere && !isDeleting) attempt.Violate("an acknowledged message is lost", key);
            if (isThere && isDeleted) attempt.Violate("an acknowledged delete is undone", key);
        }
    }

    // A deleted message leaves a gap; without deletes each number follows the one before.
    private void JudgeFeed(long from)
    {
        for (int i = 1; i < _own.Count; i++)
        {
            (long before, long now) = (_own[i - 1].Sequence, _own[i].Sequence);
            if (now <= before) attempt.Violate("the own feed forked", $"{now} comes behind {before}");
            else if (now == before + 1 && _own[i].Previous != _own[i - 1].Key)
                attempt.Violate("the own feed forked", $"{now} does not name {before} as its previous");
            else if (now > before + 1 && now - before - 1 > ledger.Deletes.Count && before >= from)
                attempt.Violate("the own feed has a gap", $"{now} comes behind {before}");
        }
    }
}
