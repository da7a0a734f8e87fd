using System.Numerics;
using System.Runtime.CompilerServices;
using Flume.Tools.Generate.Planning;
using Flume.Tools.Generate.Text;

namespace Flume.Tools.Generate;

/// <summary>
/// A random stream that is equal on every machine: xoshiro256**, seeded through splitmix64.
/// </summary>
/// <remarks>
/// Every message, author and blob has its own stream, derived from (seed, purpose, index). The content of a message is
/// therefore independent of its thread and of other messages. Only integer operations and multiplications of doubles
/// are used, because the last bit of a logarithm differs between platforms.
/// </remarks>
internal struct RandomStream
{
    private ulong _a, _b, _c, _d;

    /// <summary>
    /// Creates the stream with index <paramref name="which"/> for the purpose <paramref name="what"/>.
    /// </summary>
    public RandomStream(ulong seed, StreamOf what, long which)
    {
        ulong state = seed;
        state = SplitMix(ref state) ^ ((ulong)what * 0x9FB2_1C65_1E98_DF25);
        state = SplitMix(ref state) ^ (ulong)which;
        _a = SplitMix(ref state);
        _b = SplitMix(ref state);
        _c = SplitMix(ref state);
        _d = SplitMix(ref state);
    }

    /// <summary>Creates a stream with a given state, which must not be all zero.</summary>
    public RandomStream(ulong a, ulong b, ulong c, ulong d) => (_a, _b, _c, _d) = (a, b, c, d);

    /// <summary>64 random bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Next()
    {
        ulong result = BitOperations.RotateLeft(_b * 5, 7) * 9;
        ulong shifted = _b << 17;
        _c ^= _a;
        _d ^= _b;
        _b ^= _c;
        _a ^= _d;
        _c ^= shifted;
        _d = BitOperations.RotateLeft(_d, 45);
        return result;
    }

    /// <summary>A number from 0 (inclusive) to 1 (exclusive), in steps of 2^-53.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public double Unit() => (Next() >> 11) * (1.0 / (1UL << 53));

    /// <summary>
    /// A whole number from 0 (inclusive) to <paramref name="bound"/> (exclusive), uniformly distributed.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Below(int bound) => (int)(((Next() >> 32) * (ulong)(uint)bound) >> 32);

    /// <summary>A whole number from <paramref name="low"/> to <paramref name="high"/>, both inclusive.</summary>
    public int Between(int low, int high) => low + Below(high - low + 1);

    /// <summary>True with a probability of <paramref name="perMille"/> in a thousand.</summary>
    public bool Chance(int perMille) => Below(1000) < perMille;

    /// <summary>
    /// Below <paramref name="bound"/>, with rank r about as frequent as 1/sqrt(r): a few ranks are popular.
    /// </summary>
    public int Popular(int bound)
    {
        double unit = Unit();
        return (int)(bound * (unit * unit));
    }

    /// <summary>
    /// Below <paramref name="bound"/>, with a much steeper distribution: the words of a language, the newest messages.
    /// </summary>
    public int VeryPopular(int bound)
    {
        double unit = Unit();
        return (int)(bound * (unit * unit * unit));
    }

    /// <summary>Fills <paramref name="bytes"/> with random bits, in little-endian order of the draws.</summary>
    public void Fill(Span<byte> bytes)
    {
        for (int at = 0; at < bytes.Length; at += 8)
        {
            ulong draw = Next();
            for (int i = at; i < Math.Min(at + 8, bytes.Length); i++, draw >>= 8) bytes[i] = (byte)draw;
        }
    }

    private static ulong SplitMix(ref ulong state)
    {
        ulong z = state += 0x9E37_79B9_7F4A_7C15;
        z = (z ^ (z >> 30)) * 0xBF58_476D_1CE4_E5B9;
        z = (z ^ (z >> 27)) * 0x94D0_49BB_1331_11EB;
        return z ^ (z >> 31);
    }
}

/// <summary>The purpose of a random stream; streams of different purposes are independent.</summary>
internal enum StreamOf
{
    /// <summary>The plan of the whole log: kind, author and time of each message.</summary>
    Plan = 1,

    /// <summary>The content of one message.</summary>
    Message = 2,

    /// <summary>The key, name and language of one author.</summary>
    Author = 3,

    /// <summary>The id, type and size of one blob.</summary>
    Blob = 4,

    /// <summary>The readers of the private conversation that one message starts.</summary>
    Conversation = 5,

    /// <summary>The vocabulary of one language.</summary>
    Language = 6,
}
