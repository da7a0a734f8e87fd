using Microsoft.AspNetCore.Http.Features;

namespace Flume.Host.Http;

/// <summary>Finds a message's key in an address: <c>%…=.sha256</c>, encoded as addresses need it.</summary>
internal static class MessageKey
{
    private const string Before = "/messages/";

    /// <summary>
    /// The key. It is read from the address as it was sent: the server's own decoding leaves an encoded slash, which a
    /// key may hold, as it is.
    /// </summary>
    /// <exception cref="ProblemException">It does not look like a key.</exception>
    public static string Of(HttpContext context)
    {
        string target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        int start = target.IndexOf(Before, StringComparison.Ordinal) + Before.Length;
        int end = target.IndexOf('?', start);
        string key = Uri.UnescapeDataString(target[start..(end < 0 ? target.Length : end)]);
        if (key.StartsWith('%') && key.EndsWith(".sha256", StringComparison.Ordinal)) return key;
        throw new ProblemException(ProblemTypes.BadParameter, $"'{key}' is no message's key.")
        {
            Expected = "a key such as %25…%3D.sha256: in an address its % is written %25",
        };
    }
}
