using Flume.Query.Json;
using Flume.Ssb.Messages;

namespace Flume.Ssb.Views.About;

/// <summary>The values that authors assigned to one key of one dest, updated by a stream.</summary>
internal sealed class AboutValues(string key)
{
    private readonly JsObject _values = new();
    private readonly List<string> _lastToSpeak = [];
    private bool _synced;

    /// <summary>Each author's current value, without removed ones.</summary>
    internal JsObject All => _values;

    /// <summary>The last value that any author set and had not removed at that time; null before the first.</summary>
    internal JsValue Latest { get; private set; } = JsValue.Null;

    /// <summary>One author's value; undefined if none.</summary>
    internal JsValue Of(string author) => _values[author];

    /// <summary>Processes a message or the sync marker. True if the result changed.</summary>
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
    /// The identity's own value, else the owner's, else the most frequent one; null if none. In a tie, the value that
    /// first reached the count wins, in the order of the authors' first messages. Source: npm ssb-social-index;
    /// docs/spec 3.6.
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
