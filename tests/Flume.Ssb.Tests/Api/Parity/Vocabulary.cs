using System.Text.RegularExpressions;
using Flume.Log;
using Flume.Query.Json;
using Flume.Ssb.Messages;

namespace Flume.Ssb.Tests.Api.Parity;

/// <summary>Random values for requests. Most come from a log, so that they match messages; some match none.</summary>
internal sealed partial class Vocabulary(IReadOnlyList<JsValue> messages, IReadOnlyList<long> offsets, Random random)
{
    private static readonly string[] NoFeeds = ["@AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=.ed25519"];
    private static readonly string[] NoMessages = ["%AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=.sha256"];

    /// <summary>Names that every JavaScript object has. JavaScript's search cannot find them.</summary>
    private static readonly string[] JavaScripts = ["constructor", "__proto__", "toString", "hasOwnProperty", "valueOf"];

    private readonly string[] _links = [.. messages.SelectMany(message => Texts(message["value"]["content"]))
        .Where(text => Ref.IsLink(text)).Distinct()];

    public int Next(int below) => random.Next(below);

    public bool OneIn(int n) => random.Next(n) == 0;

    public T Pick<T>(params IReadOnlyList<T> from) => from[random.Next(from.Count)];

    public JsValue Message() => Pick(messages);

    public JsValue Json(string json) => JsValue.Parse(json);

    public JsValue Author() => OneIn(30) ? JsValue.From(Pick(NoFeeds)) : Message()["value"]["author"];

    public JsValue Key() => OneIn(30) ? JsValue.From(Pick(NoMessages)) : Message()["key"];

    public JsValue Link() => OneIn(30) || _links.Length == 0 ? JsValue.From(Pick(NoMessages)) : JsValue.From(Pick(_links));

    public JsValue LinkStarting(char sigil)
    {
        string[] some = [.. _links.Where(link => link[0] == sigil)];
        return some.Length == 0 ? Key() : JsValue.From(Pick(some));
    }

    public JsValue Offset() => JsValue.From((double)Pick(offsets));

    public JsValue Received() => Near(Message()["timestamp"]);

    public JsValue Claimed() => Near(Message()["value"]["timestamp"]);

    public JsValue Sequence() => JsValue.From(Next(12) switch { 0 => 0, 1 => -1, 2 => 2.5, 3 => 1e6, _ => 1 + Next(30) });

    /// <summary>An existing type, a truncated long one, or an unknown one.</summary>
    public JsValue Type()
    {
        JsValue type = Message()["value"]["content"]["type"];
        if (!type.IsString || OneIn(20)) return JsValue.From(Pick("post", "vote", "contact", "about", "nobody-writes-this"));
        return OneIn(8) && type.AsString.Length > 32 ? JsValue.From(type.AsString[..32]) : type;
    }

    /// <summary>The value of a content field in some message, or a value without a match.</summary>
    public JsValue Field(string name)
    {
        for (int tries = 0; tries < 40; tries++)
        {
            JsValue value = Message()["value"]["content"][name];
            if (value.IsString || value.IsNumber || value.IsBoolean) return value;
        }
        return JsValue.From("nothing");
    }

    /// <summary>The first part of a text that ends before a letter or digit.</summary>
    public JsValue Prefix(JsValue of)
    {
        string text = of.IsString ? of.AsString : "a";
        int length = Next(Math.Min(6, text.Length) + 1);
        while (length < text.Length && !char.IsAsciiLetterOrDigit(text[length])) length++;
        return JsValue.From(text[..length]);
    }

    public string Words(int count)
    {
        List<string> words = [];
        for (int tries = 0; tries < 200 && words.Count < count; tries++)
        {
            JsValue text = Message()["value"]["content"]["text"];
            if (!text.IsString || text.AsString.Length == 0) continue;
            string word = Pick(text.AsString.Split(' ', '\n'));
            // JavaScript's search never ends if no term has three ASCII letters.
            if (!Term().IsMatch(word) || JavaScripts.Any(name => word.Contains(name, StringComparison.OrdinalIgnoreCase))) continue;
            if (OneIn(3) && word.Length > 4 && Term().IsMatch(word[..4])) word = word[..4];
            words.Add(OneIn(3) ? word.ToLowerInvariant() : word);
        }
        return string.Join(Pick(" ", ", ", "-"), words);
    }

    [GeneratedRegex("[A-Za-z0-9_]{3}")]
    private static partial Regex Term();

    private JsValue Near(JsValue number)
    {
        if (!number.IsNumber) return JsValue.From(0);
        return JsValue.From(number.AsNumber + Pick(0, 0, 0, 1, -1, 0.5));
    }

    private static IEnumerable<string> Texts(JsValue value)
    {
        if (value.IsString) return [value.AsString];
        if (value.IsArray) return value.AsArray.SelectMany(Texts);
        return value.IsObject ? value.AsObject.SelectMany(member => Texts(member.Value)) : [];
    }
}
