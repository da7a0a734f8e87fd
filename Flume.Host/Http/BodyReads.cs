using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;

namespace Flume.Host.Http;

/// <summary>
/// Reads a request's body. Every exception that the server throws for a wrong body becomes a problem of the client.
/// </summary>
internal static class BodyReads
{
    /// <summary>The next bytes of the body.</summary>
    /// <exception cref="ProblemException">The body is too large, came too slowly, or is no valid HTTP.</exception>
    public static async ValueTask<ReadResult> NextAsync(PipeReader input, HttpLimits limits, CancellationToken cancel)
    {
        try
        {
            return await input.ReadAsync(cancel).ConfigureAwait(false);
        }
        catch (BadHttpRequestException bad)
        {
            throw ProblemOf(bad, limits);
        }
        catch (IOException bad) when (bad is not ConnectionResetException)
        {
            throw new ProblemException(ProblemTypes.BadBody, bad.Message, bad);
        }
    }

    /// <summary>The problem that the server found in the body.</summary>
    public static ProblemException ProblemOf(BadHttpRequestException bad, HttpLimits limits) => bad.StatusCode switch
    {
        StatusCodes.Status413PayloadTooLarge => ProblemException.Limit(
            ProblemTypes.BodyTooLarge, "body-bytes-max", limits.BodyBytesMax,
            $"The body is larger than {limits.BodyBytesMax} bytes."),
        StatusCodes.Status408RequestTimeout => new ProblemException(
            ProblemTypes.SlowBody, $"Less than {limits.BodyRateMin} bytes a second came.", bad)
        {
            Expected = $"at least {limits.BodyRateMin} bytes a second (flume.http.body-rate-min)",
        },
        _ => new ProblemException(ProblemTypes.BadBody, bad.Message, bad),
    };
}
