using System.Buffers;
using System.Text.Json;
using Flume.Query.Json;

namespace Flume.Host.Http;

/// <summary>Answers with one JSON document.</summary>
internal static class JsonAnswer
{
    public static async Task SendAsync(
        HttpContext context, Action<Utf8JsonWriter> write, int status = StatusCodes.Status200OK)
    {
        Begin(context.Response, status);
        using (Utf8JsonWriter json = new(context.Response.BodyWriter, JsonText.Plain)) write(json);
        context.Response.BodyWriter.Write("\n"u8);
        await context.Response.BodyWriter.FlushAsync(CancellationToken.None).ConfigureAwait(false);
    }

    /// <summary>
    /// Answers with a value; copies its text if the value has one. Undefined gives an answer without content.
    /// </summary>
    public static async Task SendAsync(
        HttpContext context, JsValue value, int status = StatusCodes.Status200OK)
    {
        if (value.IsUndefined)
        {
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            return;
        }

        Begin(context.Response, status);
        NdjsonWriter writer = new(context.Response.BodyWriter);
        writer.WriteLine(value);
        await writer.FlushAsync(CancellationToken.None).ConfigureAwait(false);
    }

    private static void Begin(HttpResponse response, int status)
    {
        response.StatusCode = status;
        response.ContentType = "application/json";
        response.Headers.CacheControl = "no-store";
    }
}
