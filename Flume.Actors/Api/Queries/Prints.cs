using Flume.Codec.Json;
using Flume.Primitives;

namespace Flume.Api.Queries;

/// <summary>Fingerprints of JavaScript values, as the views write them.</summary>
internal static class Prints
{
    /// <summary>The posting list of up to two exact fields.</summary>
    internal static bool TryPlace(byte index, IReadOnlyList<JsValue> start, out PostingPlace place)
    {
        place = new PostingPlace(index, 0);
        if (start.Count == 0) return true;
        if (start.Count > 2 || !TryOf(start[0], out ulong first)) return false;
        place = place with { A = first };
        if (start.Count == 1) return true;
        if (!TryOf(start[1], out ulong second)) return false;
        place = place with { A = Fingerprint.Of(first, second) };
        return true;
    }
}
