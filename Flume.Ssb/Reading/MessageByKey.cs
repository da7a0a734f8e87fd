using Flume.Log;
using Flume.Query.Json;
using Flume.Ssb.Api;
using Flume.Ssb.Views.Hashmap;
using Flume.Views.Store;

namespace Flume.Ssb.Reading;

/// <summary>Finds a message by its key through the hashmap view.</summary>
internal static class MessageByKey
{
    private const string View = "hashmap";

    /// <summary>The stored <c>{key, value, timestamp}</c>.</summary>
    /// <exception cref="ApiException">No message has that key, or the message was deleted.</exception>
    internal static async ValueTask<JsValue> GetAsync(ApiCall call, string key)
    {
        (_, JsValue message) = await FindAsync(call, key).ConfigureAwait(false);
        return message;
    }

    /// <summary>The stored message and its offset.</summary>
    /// <exception cref="ApiException">No message has that key, or the message was deleted.</exception>
    internal static async ValueTask<(Offset Offset, JsValue Message)> FindAsync(ApiCall call, string key)
    {
        using ViewRead read = await call.ReadAsync(View).ConfigureAwait(false);
        MessageReader reader = new(call.Identity);
        bool deleted = false;
        using PostingCursor cursor =
            read.Rows.Read(HashmapView.ByKey, PostingRange.Exact(Candidates.Print(key)), reverse: true);
        while (cursor.MoveNext())
        {
            Offset offset = new(cursor.Current.Offset);
            if (!reader.TryStored(offset, out JsValue message)) deleted = true;
            else if (message["key"] is { IsString: true } stored && stored.AsString == key) return (offset, message);
        }
        throw deleted
            ? ApiException.Error("item has been deleted")
            : ApiException.NotFound($"Key not found in database [{key}]");
    }
}
