using System.Runtime.CompilerServices;
using Flume.Log;
using Flume.Query.Json;
using Flume.Query.MapFilterReduce;

namespace Flume.Ssb.Api;

/// <summary>
/// Makes every failure that a caller caused an <see cref="ApiException"/>, whenever it shows: at once or half-way.
/// </summary>
internal static class ApiErrors
{
    /// <summary>One answer.</summary>
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

    /// <summary>A stream of answers: what was given before the failure stays given.</summary>
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

    /// <summary>A record that is deleted while it is read turns into no JSON under its reader.</summary>
    private static bool IsCallers(Exception error) => error is QueryException or JsSyntaxException or LogOffsetException;

    private static ApiException ToCallers(Exception error) =>
        error is LogOffsetException ? ApiException.Parameter(error.Message) : new ApiException("Error", error.Message, error);
}
