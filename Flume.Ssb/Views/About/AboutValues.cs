using Flume.Query.Json;
using Flume.Ssb.Messages;

namespace Flume.Ssb.Views.About;

/// <summary>The values that people gave one key of one dest, while a stream goes on.</summary>
internal sealed class AboutValues(string key)
{
    private readonly JsObject _values = new();
    private readonly List<string> _lastToSpeak = [];
    private bool _synced;

    /// <summary>Each author's value; those who removed theirs are not in it.</summary>
    internal JsObject All => _values;

    /// <summary>The value given last by anyone who stood by it then; null before the first.</summary>
    internal JsValue Latest { get; private set; } = JsValue.Null;

    /// <summary>One author's value; undefined for none.</summary>
    internal JsValue Of(string author) => _values[author];

    /// <summary>Takes a message or the sync marker; true when there is something to tell.</summary>
    internal bool Take(JsValue item)
    {
        if (item["sync"].IsTruthy) return _synced = true;
        JsValue author = item["value"]["author"], given = item["value"]["content"][key];
        if (!given.IsTruthy || !author.IsString) return false;
        _lastToSpeak.Remove(author.AsString);
        if (given["remove"].IsTruthy)
        {
            _values.Remove(author.AsString);
        }
        else
        {
            _values.Set(author.AsString, given);
            _lastToSpeak.Add(author.AsString);
        }
        if (_lastToSpeak.Count > 0) Latest = _values[_lastToSpeak[^1]];
        return _synced;
    }

    /// <summary>
    /// My own value, else the owner's, else the one that most gave; of those with as many, the first to get there in
    /// the order in which authors first spoke. Null for none. Source: npm ssb-social-index; docs/spec 3.6.
    /// </summary>
    internal static JsValue Social(JsObject values, string? self, string? owner)
    {
        if (self is not null && values[self] is { IsTruthy: true } mine) return mine;
        if (owner is not null && values[owner] is { IsTruthy: true } theirs) return theirs;
        Dictionary<string, int> votes = new(StringComparer.Ordinal);
        int most = 0;
        JsValue winner = JsValue.Null;
        foreach ((_, JsValue value) in values)
        {
            JsValue link = value["link"];
            JsValue vote = value.IsString ? value
                : link.IsString && Ref.IsLink(link.AsString) && !value["remove"].IsTruthy ? link : JsValue.Undefined;
            if (vote.IsUndefined) continue;
            int count = votes[vote.AsString] = votes.GetValueOrDefault(vote.AsString) + 1;
            if (count <= most) continue;
            most = count;
            winner = vote;
        }
        return winner;
    }
}
