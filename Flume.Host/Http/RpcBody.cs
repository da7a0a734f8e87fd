using Flume.Query.Json;

namespace Flume.Host.Http;

/// <summary>
/// The body of a call: one JSON object, or JSON lines with the call first and then a sink's items.
/// </summary>
internal sealed class RpcBody : IAsyncDisposable
{
    private readonly IAsyncEnumerator<JsValue>? _lines;

    private RpcBody(JsValue call, IAsyncEnumerator<JsValue>? lines)
    {
        Call = call;
        _lines = lines;
    }

    /// <summary>The object with <c>name</c> and <c>args</c>.</summary>
    public JsValue Call { get; }

    /// <summary>The items after the call, read from the connection on demand.</summary>
    public IAsyncEnumerable<JsValue> Items => ItemsAsync();

    /// <summary>Reads the call from a request.</summary>
    /// <exception cref="ProblemException">The body is too long, or is not JSON.</exception>
    public static async Task<RpcBody> ReadAsync(HttpContext context, HttpLimits limits)
    {
        if (context.Request.ContentType?.StartsWith(NdjsonWriter.MediaType, StringComparison.OrdinalIgnoreCase) != true)
            return new RpcBody(await RequestBody.ReadJsonAsync(context, limits).ConfigureAwait(false), null);

        JsonLinesReader reader = new(context.Request.BodyReader, limits);
        IAsyncEnumerator<JsValue> lines = reader.ValuesAsync(context.RequestAborted)
            .GetAsyncEnumerator(context.RequestAborted);
        bool any = await lines.MoveNextAsync().ConfigureAwait(false);
        return new RpcBody(any ? lines.Current : JsValue.Undefined, lines);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _lines?.DisposeAsync() ?? ValueTask.CompletedTask;

    private async IAsyncEnumerable<JsValue> ItemsAsync()
    {
        while (_lines is not null && await _lines.MoveNextAsync().ConfigureAwait(false)) yield return _lines.Current;
    }
}
