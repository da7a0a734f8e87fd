using Flume.Log;
using Flume.Query.Json;
using Flume.Ssb.Messages;
using Flume.Ssb.Reading;
using Flume.Views.Store;

namespace Flume.Ssb.Api;

/// <summary>Reads messages through an index of a view, for the API methods of plug-ins.</summary>
public static class ApiCallReads
{
    /// <summary>
    /// The messages posted under <paramref name="value"/> (<see cref="IndexKey.FingerprintOf(JsValue)"/>), in index
    /// order. Private content is decrypted if the identity has the key.
    /// </summary>
    /// <param name="call">The call with the required freshness.</param>
    /// <param name="view">The view's name.</param>
    /// <param name="index">The index of the view.</param>
    /// <param name="value">The value of the posting.</param>
    /// <param name="isWanted">Checks each message, because two values can share a fingerprint.</param>
    public static async IAsyncEnumerable<JsValue> MessagesAsync(
        this ApiCall call, string view, byte index, JsValue value, Func<JsValue, bool> isWanted)
    {
        using ViewRead read = await call.ReadAsync(view).ConfigureAwait(false);
        MessageReader reader = new(call.Identity);
        using PostingCursor cursor = read.Rows.Read(index, PostingRange.Exact(IndexKey.FingerprintOf(value)));
        while (cursor.MoveNext())
        {
            call.Cancelled.ThrowIfCancellationRequested();
            if (reader.TryOpened(new Offset(cursor.Current.Offset), out JsValue message) && isWanted(message))
                yield return message;
        }
    }
}
