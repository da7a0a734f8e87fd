using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using Flume.Log.Primitives;
using Flume.Ssb.Messages;

namespace Flume.Replication.Invites;

/// <summary>The invites of one identity, stored in one file. Any thread may call the members.</summary>
/// <param name="path">The file <c>invites.json</c> in the identity's folder.</param>
/// <param name="time">The clock.</param>
internal sealed class InviteBook(string path, TimeProvider time)
{
    /// <summary>The maximum of stored invites. Those that are used up count too, until they are revoked.</summary>
    public const int CountMax = 10_000;

    private static readonly JsonSerializerOptions Format = new() { WriteIndented = true };

    private readonly Lock _gate = new();
    private Dictionary<string, Invite>? _invites;

    /// <summary>Every invite, the oldest first.</summary>
    public IReadOnlyList<Invite> All()
    {
        lock (_gate) return [.. Load().Values.OrderBy(invite => invite.CreatedAt)];
    }

    /// <summary>Creates an invite. Returns the seed of the guest's key, which is not stored.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="InvalidOperationException">The limit of invites is reached.</exception>
    public (byte[] Seed, Invite Invite) Create(int uses, string? note)
    {
        byte[] seed = RandomNumberGenerator.GetBytes(32);
        Invite invite = new(NameOf(FeedKeys.FromSeed(seed).PublicKey.Span), uses, note, time.GetUtcNow());
        lock (_gate)
        {
            if (Load().Count >= CountMax) throw new InvalidOperationException(
                $"{CountMax} invites exist, which is the maximum. Revoke some with flume.revokeInvite.");
            Save(invite.Guest, invite);
        }

        return (seed, invite);
    }

    /// <summary>The invite of a guest's public key; null for other keys.</summary>
    public Invite? Find(ReadOnlySpan<byte> publicKey)
    {
        string name = NameOf(publicKey);
        lock (_gate) return Load().GetValueOrDefault(name);
    }

    /// <summary>Counts a use. False if the invite is used up or revoked.</summary>
    /// <exception cref="IOException">The file cannot be written. The use does not count.</exception>
    public bool TryUse(string guest, string feed)
    {
        lock (_gate)
        {
            if (!Load().TryGetValue(guest, out Invite? invite) || !invite.IsOpen) return false;
            Save(guest, invite with { UsedBy = [.. invite.UsedBy, new InviteUse(feed, time.GetUtcNow())] });
            return true;
        }
    }

    /// <summary>Takes a use back, because the identity could not follow the feed.</summary>
    public void TakeBack(string guest, string feed)
    {
        lock (_gate)
        {
            if (!Load().TryGetValue(guest, out Invite? invite)) return;
            Save(guest, invite with { UsedBy = [.. invite.UsedBy.Where(use => use.Feed != feed)] });
        }
    }

    /// <summary>Removes an invite, so that its code is refused. False if none has that name.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public bool Revoke(string guest)
    {
        lock (_gate)
        {
            if (!Load().ContainsKey(guest)) return false;
            Save(guest, null);
            return true;
        }
    }

    private static string NameOf(ReadOnlySpan<byte> publicKey) =>
        Base64Url.EncodeToString(SHA256.HashData(publicKey));

    private Dictionary<string, Invite> Load()
    {
        if (_invites is not null) return _invites;
        try
        {
            Invite[] read = JsonSerializer.Deserialize<Invite[]>(File.ReadAllBytes(path), Format) ?? [];
            return _invites = read.ToDictionary(invite => invite.Guest, StringComparer.Ordinal);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return _invites = new(StringComparer.Ordinal);
        }
        catch (JsonException error)
        {
            throw new IOException($"The invites in {path} cannot be read: {error.Message} Restore or remove the file.");
        }
    }

    /// <summary>Stores a change before it takes effect; null removes the invite.</summary>
    private void Save(string guest, Invite? invite)
    {
        Dictionary<string, Invite> changed = new(Load(), StringComparer.Ordinal);
        if (invite is null) changed.Remove(guest);
        else changed[guest] = invite;
        OwnerFile.Replace(path, JsonSerializer.SerializeToUtf8Bytes(changed.Values.ToArray(), Format));
        _invites = changed;
    }
}
