using System.Security.Cryptography;
using System.Text;
using Flume.Ssb.Api;

namespace Flume.Host.Http.Access;

/// <summary>
/// The tokens of a server. It keeps only their hashes, so that no token can be shown or logged by mistake.
/// </summary>
/// <remarks>
/// A lookup compares the hash with every known hash, each in constant time. The time of a lookup therefore shows
/// nothing about a known token.
/// </remarks>
internal sealed class Tokens
{
    /// <summary>Minimum characters of a token: 128 bits as hex.</summary>
    public const int LengthMin = 32;

    /// <summary>No tokens: only local callers are authorized.</summary>
    public static readonly Tokens None = new([]);

    private readonly IReadOnlyList<(byte[] Hash, Scope Scopes)> _known;

    private Tokens(IReadOnlyList<(byte[] Hash, Scope Scopes)> known) => _known = known;

    /// <summary>True when no token is configured.</summary>
    public bool IsEmpty => _known.Count == 0;

    /// <summary>Reads lines of scopes and a token, such as <c>read+append 9f8c…</c>.</summary>
    /// <exception cref="FormatException">A line is malformed; the message gives its number and never quotes the
    /// token.</exception>
    public static Tokens Parse(IEnumerable<string> lines)
    {
        List<(byte[], Scope)> tokens = [];
        int number = 0;
        foreach (string line in lines)
        {
            number++;
            string[] parts = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (parts.Length == 0 || parts[0].StartsWith('#')) continue;
            if (parts.Length != 2 || !Scopes.TryParse(parts[0], out Scope scopes))
            {
                throw new FormatException(
                    $"line {number} is not 'SCOPES TOKEN' with scopes of read, append, admin, joined by +");
            }

            if (parts[1].Length < LengthMin || parts[1].Any(each => each is <= ' ' or > '~'))
            {
                throw new FormatException(
                    $"the token of line {number} is not {LengthMin} or more visible ASCII characters; " +
                    "make one with: openssl rand -hex 32");
            }

            tokens.Add((HashOf(parts[1]), scopes));
        }

        return new Tokens(tokens);
    }

    /// <summary>The scopes of a token; null if it is unknown.</summary>
    public Scope? Find(string token)
    {
        byte[] hash = HashOf(token);
        Scope? found = null;
        foreach ((byte[] other, Scope scopes) in _known)
        {
            if (CryptographicOperations.FixedTimeEquals(hash, other)) found = (found ?? Scope.None) | scopes;
        }

        return found;
    }

    private static byte[] HashOf(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
