using Flume.Codec.Json;
using Flume.Primitives;

namespace Flume.Api.Methods;

/// <summary>The values that people gave one key of one dest, while a stream goes on.</summary>
internal sealed class AboutValues(string key)
{
    private readonly Dictionary<string, JsValue> _values = new(StringComparer.Ordinal);
    private readonly List<string> _lastToSpeak = [];
    private bool _synced;

    /// <summary>Each author's value; those who removed theirs are not in it.</summary>
    internal IReadOnlyDictionary<string, JsValue> All => _values;

    /// <summary>The value given last by anyone who still stands by it; undefined for none.</summary>
    internal JsValue Latest => _lastToSpeak.Count == 0 ? JsValue.Undefined : _values[_lastToSpeak[^1]];

    /// <summary>One author's value; undefined for none.</summary>
    internal JsValue Of(string author) => _values.TryGetValue(author, out JsValue value) ? value : JsValue.Undefined;

    /// <summary>Takes a message or the sync marker; true when there is something to tell.</summary>
    internal bool Take(JsValue item)
    {
        if (item["sync"].IsTruthy) return _synced = true;
        JsValue author = item["value"]["author"], given = item["value"]["content"][key];
        if (!given.IsTruthy || !author.IsString) return false;
        _lastToSpeak.Remove(author.AsString);
        _values.Remove(author.AsString);
        if (!given["remove"].IsTruthy)
        {
            _values[author.AsString] = given;
            _lastToSpeak.Add(author.AsString);
        }
        return _synced;
    }

    /// <summary>
    /// My own value, else the owner's, else the one that most gave; of those with as many, the first to get there in the
    /// order in which authors first spoke. Null for none. Source: npm ssb-social-index; spec.md 3.6.
    /// </summary>
    internal static JsValue Social(IReadOnlyDictionary<string, JsValue> values, string? self, string? owner)
    {
        if (self is not null && values.TryGetValue(self, out JsValue mine) && mine.IsTruthy) return mine;
        if (owner is not null && values.TryGetValue(owner, out JsValue theirs) && theirs.IsTruthy) return theirs;
        Dictionary<string, int> votes = new(StringComparer.Ordinal);
        int most = 0;
        JsValue winner = JsValue.Null;
        foreach (JsValue value in values.Values)
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

    /// <summary>Values as an object by author.</summary>
    internal static JsValue ToJs(IReadOnlyDictionary<string, JsValue> values)
    {
        JsObject all = new();
        foreach ((string author, JsValue value) in values) all.Set(author, value);
        return JsValue.From(all);
    }
}
