using System.Text;
using Flume.Log;
using Flume.Log.Primitives;
using Flume.Query.Json;
using Flume.Ssb.Api;
using Flume.Views.Store;

namespace Flume.Ssb.Reading;

/// <summary>Reads the messages of a posting range, decrypted if possible.</summary>
internal readonly struct Candidates(ApiCall call, IViewReader rows)
{
    /// <summary>The messages of the postings in <paramref name="range"/>, in index order, once per posting.</summary>
    internal IEnumerable<(Offset Offset, JsValue Message)> Read(byte index, PostingRange range, bool reverse = false)
    {
        MessageReader reader = new(call.Identity);
        using PostingCursor cursor = rows.Read(index, range, reverse);
        while (cursor.MoveNext())
        {
            call.Cancelled.ThrowIfCancellationRequested();
            Offset offset = new(cursor.Current.Offset);
            if (reader.TryOpened(offset, out JsValue message)) yield return (offset, message);
        }
    }

    /// <summary>The fingerprint of a string.</summary>
    internal static ulong Print(string text) => Fingerprint.Of(Encoding.UTF8.GetBytes(text));
}
