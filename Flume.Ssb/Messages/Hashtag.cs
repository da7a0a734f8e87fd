using System.Text;
using Flume.Log.Primitives;
using Flume.Query.Json;

namespace Flume.Ssb.Messages;

/// <summary>Hashtags and channel names as npm ssb-ref normalises them (docs/spec 3.3).</summary>
public static class Hashtag
{
    private const int LengthMax = 30;

    /// <summary>True for <c>#</c> and 1 to 28 units without white space or another <c>#</c>.</summary>
    public static bool IsTag(ReadOnlySpan<char> text)
    {
        if (text.Length is < 2 or >= LengthMax || text[0] != '#') return false;
        for (int i = 1; i < text.Length; i++)
        {
            if (text[i] == '#' || JsCoercion.IsSpace(text[i])) return false;
        }

        return true;
    }

    /// <summary>
    /// The lower-case name without white space and the punctuation <c>, . ? ! &lt; &gt; ( ) [ ] " #</c>, cut to 30
    /// units. Null for an empty result.
    /// </summary>
    public static string? Normalize(ReadOnlySpan<char> name)
    {
        var kept = new StringBuilder(Math.Min(name.Length, LengthMax));
        for (int i = 0; i < name.Length && kept.Length < LengthMax; i++)
        {
            char unit = name[i];
            if (JsCoercion.IsSpace(unit) || ",.?!<>()[]\"#".Contains(unit, StringComparison.Ordinal)) continue;
            LowerCase.Append(kept, name, i);
        }

        return kept.Length == 0 ? null : kept.ToString(0, Math.Min(kept.Length, LengthMax));
    }
}
