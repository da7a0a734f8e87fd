using Microsoft.AspNetCore.Http.Features;

namespace Flume.Host.Http;

/// <summary>Reads a message's key from an address: <c>%…=.sha256</c>, percent-encoded.</summary>
internal static class MessageKey
{
    private const string First = "/v1/", Before = "/messages/";

    /// <summary>
    /// Reads the key from the raw address, because the server's own decoding keeps an encoded slash, which a key may
    /// contain.
    /// </summary>
    /// <exception cref="ProblemException">The text is not a key.</exception>
    public static string Of(HttpContext context)
    {
        string target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        // An identity may be named "messages" too: its name is the second part of the address.
        int name = target.IndexOf(First, StringComparison.OrdinalIgnoreCase) + First.Length;
        int start = target.IndexOf('/', name) + Before.Length;
        int end = target.IndexOf('?', start);
        string key = Uri.UnescapeDataString(target[start..(end < 0 ? target.Length : end)]);
        if (key.StartsWith('%') && key.EndsWith(".sha256", StringComparison.Ordinal)) return key;
        throw new ProblemException(ProblemTypes.BadParameter, $"'{key}' is no message's key.")
        {
            Expected = "a key such as %25…%3D.sha256: in an address its % is written %25",
        };
    }
}
