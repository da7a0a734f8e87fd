using System.Text;
using Flume.Ssb.Crypto;
using Flume.Ssb.Messages;
using Flume.Tools.Generate.Text;

namespace Flume.Tools.Generate.Planning;

/// <summary>
/// The authors of a generated network: their keys, ids, names and languages, all derived from the seed.
/// </summary>
internal sealed class Authors
{
    /// <summary>Bytes of a feed id in text: <c>@</c>, 44 of base64, <c>.ed25519</c>.</summary>
    public const int FeedIdBytes = 53;

    private readonly ulong _seed;
    private readonly FeedKeys[] _keys;
    private readonly byte[] _curve;
    private readonly byte[] _feedIds;
    private readonly Language[] _languages;

    /// <summary>Creates the keys of all authors, on the given number of threads.</summary>
    public Authors(GenerateOptions options, int threads, CancellationToken cancellation)
    {
        _seed = options.Seed;
        _keys = new FeedKeys[options.Authors];
        _curve = new byte[options.Authors * Sodium.PublicKeyBytes];
        _feedIds = new byte[options.Authors * FeedIdBytes];
        _languages = new Language[options.Authors];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation };
        Parallel.For(0, options.Authors, parallel, Make);
    }

    /// <summary>The text of a feed id.</summary>
    public ReadOnlySpan<byte> FeedId(int author) => _feedIds.AsSpan(author * FeedIdBytes, FeedIdBytes);

    /// <summary>The key pair of an author.</summary>
    public FeedKeys Keys(int author) => _keys[author];

    /// <summary>The author's X25519 public key, for private boxes.</summary>
    public Span<byte> CurveKey(int author) => _curve.AsSpan(author * Sodium.PublicKeyBytes, Sodium.PublicKeyBytes);

    /// <summary>The language of an author.</summary>
    public Language Language(int author) => _languages[author];

    /// <summary>Writes the author's name, inside a string: the same name in every mention.</summary>
    public void WriteName(JsonBuffer json, int author)
    {
        var random = new RandomStream(_seed, StreamOf.Author, ~(long)author);
        Prose.Words(json, ref random, _languages[author], 3);
    }

    private void Make(int author)
    {
        var random = new RandomStream(_seed, StreamOf.Author, author);
        Span<byte> seed = stackalloc byte[Sodium.KeyBytes];
        random.Fill(seed);
        _languages[author] = Languages.Pick(ref random);
        _keys[author] = FeedKeys.FromSeed(seed);
        Sodium.ToCurvePublicKey(_keys[author].PublicKey.Span, CurveKey(author));
        Encoding.ASCII.GetBytes(_keys[author].Id, _feedIds.AsSpan(author * FeedIdBytes, FeedIdBytes));
    }
}
