using Flume.Log;
using Flume.Query.Json;
using Flume.Ssb.Messages;
using Flume.Ssb.Reading;
using Flume.Views.Store;

namespace Flume.Ssb.Api;

/// <summary>What API methods of a plug-in read most: the messages that an index of its view leads to.</summary>
public static class ApiCallReads
{
    /// <summary>
    /// Messages posted to an index under <paramref name="value"/> (<see cref="IndexKey.FingerprintOf(JsValue)"/>), in
    /// the order of the index; private content opened where the identity can.
    /// </summary>
    /// <param name="call">The call: says how fresh the view must be.</param>
    /// <param name="view">The view's name.</param>
    /// <param name="index">The index within it.</param>
    /// <param name="value">What the messages were posted under.</param>
    /// <param name="isWanted">Two values can share a fingerprint, so each message is looked at.</param>
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
