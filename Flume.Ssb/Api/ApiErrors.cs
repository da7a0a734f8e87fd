using System.Runtime.CompilerServices;
using Flume.Log;
using Flume.Query.Json;
using Flume.Query.MapFilterReduce;

namespace Flume.Ssb.Api;

/// <summary>
/// Converts every failure caused by the caller to an <see cref="ApiException"/>, also in the middle of a stream.
/// </summary>
internal static class ApiErrors
{
    /// <summary>Translates the failure of one result.</summary>
    internal static async ValueTask<JsValue> Translate(Func<ValueTask<JsValue>> run)
    {
        try
        {
            return await run().ConfigureAwait(false);
        }
        catch (Exception error) when (IsCallers(error))
        {
            throw ToCallers(error);
        }
    }

    /// <summary>Translates the failure of a stream. Results before the failure are kept.</summary>
    internal static async IAsyncEnumerable<JsValue> Translate(
        Func<IAsyncEnumerable<JsValue>> open, [EnumeratorCancellation] CancellationToken cancel)
    {
        await using IAsyncEnumerator<JsValue> items = Open(open, cancel);
        while (await NextAsync(items).ConfigureAwait(false)) yield return items.Current;
    }

    private static IAsyncEnumerator<JsValue> Open(Func<IAsyncEnumerable<JsValue>> open, CancellationToken cancel)
    {
        try
        {
            return open().GetAsyncEnumerator(cancel);
        }
        catch (Exception error) when (IsCallers(error))
        {
            throw ToCallers(error);
        }
    }

    private static async ValueTask<bool> NextAsync(IAsyncEnumerator<JsValue> items)
    {
        try
        {
            return await items.MoveNextAsync().ConfigureAwait(false);
        }
        catch (Exception error) when (IsCallers(error))
        {
            throw ToCallers(error);
        }
    }

    /// <summary>A record that is deleted during a read is no longer JSON.</summary>
    private static bool IsCallers(Exception error) =>
        error is QueryException or JsSyntaxException or LogOffsetException;

    private static ApiException ToCallers(Exception error) =>
        error is LogOffsetException
            ? ApiException.Parameter(error.Message)
            : new ApiException("Error", error.Message, error);
}
