using System.Buffers.Text;

namespace Flume.Generate;

/// <summary>The authors of a generated network: their keys, ids, names and languages, all derived from the seed.</summary>
internal sealed class Cast
{
    /// <summary>Bytes of a feed id in text: <c>@</c>, 44 of base64, <c>.ed25519</c>.</summary>
    public const int FeedIdBytes = 53;

    private const int SeedBytes = 32, PublicBytes = 32, SecretBytes = 64;

    private readonly ulong _seed;
    private readonly byte[] _public;
    private readonly byte[] _secret;
    private readonly byte[] _curve;
    private readonly byte[] _feedIds;
    private readonly Language[] _languages;

    /// <summary>Makes the keys of all authors, on as many threads as asked.</summary>
    public Cast(GenerateOptions options, int threads, CancellationToken cancellation)
    {
        _seed = options.Seed;
        _public = new byte[options.Authors * PublicBytes];
        _secret = new byte[options.Authors * SecretBytes];
        _curve = new byte[options.Authors * PublicBytes];
        _feedIds = new byte[options.Authors * FeedIdBytes];
        _languages = new Language[options.Authors];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation };
        Parallel.For(0, options.Authors, parallel, Make);
    }

    /// <summary>The text of a feed id.</summary>
    public ReadOnlySpan<byte> FeedId(int author) => _feedIds.AsSpan(author * FeedIdBytes, FeedIdBytes);

    /// <summary>The ed25519 public key.</summary>
    public ReadOnlySpan<byte> PublicKey(int author) => _public.AsSpan(author * PublicBytes, PublicBytes);

    /// <summary>The ed25519 secret key: seed, then public key.</summary>
    public ReadOnlySpan<byte> SecretKey(int author) => _secret.AsSpan(author * SecretBytes, SecretBytes);

    /// <summary>The curve25519 public key that private boxes are made for.</summary>
    public ReadOnlySpan<byte> CurveKey(int author) => _curve.AsSpan(author * PublicBytes, PublicBytes);

    /// <summary>What the author speaks.</summary>
    public Language Language(int author) => _languages[author];

    /// <summary>Writes the name the author goes by, inside a string: the same wherever it is mentioned.</summary>
    public void WriteName(JsonBuffer json, int author)
    {
        var random = new RandomStream(_seed, StreamOf.Author, ~(long)author);
        Prose.Words(json, ref random, _languages[author], 3);
    }

    private void Make(int author)
    {
        var random = new RandomStream(_seed, StreamOf.Author, author);
        Span<byte> seed = stackalloc byte[SeedBytes];
        random.Fill(seed);
        _languages[author] = Languages.Pick(ref random);
        Span<byte> key = _public.AsSpan(author * PublicBytes, PublicBytes);
        TempSodium.KeyPair(seed, key, _secret.AsSpan(author * SecretBytes, SecretBytes));
        TempSodium.ToCurve(key, _curve.AsSpan(author * PublicBytes, PublicBytes));
        Span<byte> id = _feedIds.AsSpan(author * FeedIdBytes, FeedIdBytes);
        id[0] = (byte)'@';
        Base64.EncodeToUtf8(key, id[1..], out _, out _);
        ".ed25519"u8.CopyTo(id[45..]);
    }
}
