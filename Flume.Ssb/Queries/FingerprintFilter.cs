using Flume.Log.Primitives;
using Flume.Query.Json;
using Flume.Ssb.Messages;

namespace Flume.Ssb.Queries;

/// <summary>Computes fingerprints of JavaScript values as the views do.</summary>
internal static class FingerprintFilter
{
    /// <summary>The posting list of up to two exact fields.</summary>
    internal static bool TryPlace(byte index, IReadOnlyList<JsValue> start, out PostingPlace place)
    {
        place = new PostingPlace(index, 0);
        if (start.Count == 0) return true;
        if (start.Count > 2) return false;
        ulong first = IndexKey.FingerprintOf(start[0]);
        place = place with
        {
            A = start.Count == 1 ? first : Fingerprint.Of(first, IndexKey.FingerprintOf(start[1])),
        };
        return true;
    }
}
