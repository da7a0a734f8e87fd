using System.Buffers;
using System.IO.Pipelines;
using System.Text.Unicode;
using Flume.Query.Json;

namespace Flume.Host.Http;

/// <summary>Reads a whole request body, within a limit.</summary>
internal static class RequestBody
{
    /// <summary>The body as one checked JSON value.</summary>
    /// <exception cref="ProblemException">The body is longer than the limit, or is not JSON.</exception>
    public static async Task<JsValue> ReadJsonAsync(HttpContext context, HttpLimits limits)
    {
        byte[] bytes = await ReadAsync(context, limits).ConfigureAwait(false);
        return ParseJson(bytes, "The body");
    }

    /// <summary>All bytes of the body.</summary>
    /// <exception cref="ProblemException">The body is longer than one value may be.</exception>
    public static async Task<byte[]> ReadAsync(HttpContext context, HttpLimits limits)
    {
        PipeReader input = context.Request.BodyReader;
        while (true)
        {
            ReadResult read = await BodyReads.NextAsync(input, limits, context.RequestAborted).ConfigureAwait(false);
            if (read.Buffer.Length > limits.LineBytesMax) throw TooLong("The body", limits);
            if (read.IsCompleted)
            {
                byte[] body = read.Buffer.ToArray();
                // An unconsumed body closes the connection, which the client may want to reuse.
                input.AdvanceTo(read.Buffer.End);
                return body;
            }

            input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    /// <summary>A checked JSON value.</summary>
    /// <exception cref="ProblemException">The text is not JSON; the detail begins with <paramref
    /// name="what"/>.</exception>
    public static JsValue ParseJson(ReadOnlyMemory<byte> utf8, string what)
    {
        try
        {
            if (!Utf8.IsValid(utf8.Span)) throw new JsSyntaxException("Expected UTF-8, found other bytes", 0);
            return JsValue.ParseWhole(utf8);
        }
        catch (JsSyntaxException error)
        {
            throw new ProblemException(ProblemTypes.BadBody, $"{what} is no JSON: {error.Message}", error)
            {
                Expected = "one JSON value, in UTF-8",
            };
        }
    }

    /// <summary>Creates the problem for a value longer than <c>flume.http.line-bytes-max</c>.</summary>
    public static ProblemException TooLong(string what, HttpLimits limits) => ProblemException.Limit(
        ProblemTypes.LineTooLong, "line-bytes-max", limits.LineBytesMax,
        $"{what} is longer than {limits.LineBytesMax} bytes.");
}
