using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Flume.Ssb.Messages;

/// <summary>The messages whose signatures were valid, shared by the identities of a process. Thread-safe.</summary>
/// <remarks>
/// 1. The key is the SHA-256 of the canonical text in UTF-8, signature included. The message id does not suffice: it
///    covers only the low byte of each UTF-16 unit, so different messages can have the same id.
/// 2. It holds the newest messages, 16 bytes of the hash each, up to a limit.
/// </remarks>
internal sealed class VerifiedMessages
{
    private const int CountMax = 200_000;

    private readonly Lock _gate = new();
    private HashSet<UInt128> _newer = [];
    private HashSet<UInt128> _older = [];
    private long _saved;

    /// <summary>False remembers nothing, because one identity verifies each message once anyway.</summary>
    public bool IsOn { get; set; }

    /// <summary>The number of signatures that were not verified again.</summary>
    public long Saved => Interlocked.Read(ref _saved);

    /// <summary>True if the message was verified before.</summary>
    public bool Contains(CanonicalMessage message)
    {
        if (!IsOn) return false;
        UInt128 key = KeyOf(message);
        lock (_gate)
        {
            if (!_newer.Contains(key) && !_older.Contains(key)) return false;
        }

        Interlocked.Increment(ref _saved);
        return true;
    }

    /// <summary>Adds a verified message.</summary>
    public void Add(CanonicalMessage message)
    {
        if (!IsOn) return;
        UInt128 key = KeyOf(message);
        lock (_gate)
        {
            _newer.Add(key);
            if (_newer.Count >= CountMax / 2) (_older, _newer) = (_newer, []);
        }
    }

    private static UInt128 KeyOf(CanonicalMessage message)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(message.Utf8.Span, hash);
        return MemoryMarshal.Read<UInt128>(hash);
    }
}
