using Flume.Log.Primitives;
using Flume.Muxrpc.Transports;

namespace Flume.Replication.Addresses;

/// <summary>The addresses that one identity knows, with their states. Any thread may call the members.</summary>
/// <remarks>
/// 1. The file is <c>conn.json</c> in the format of npm ssb-conn. Without it, <c>gossip.json</c> of ssb-gossip is read.
/// 2. A seed of an address is never stored.
/// </remarks>
/// <param name="folder">The identity's folder.</param>
/// <param name="time">The clock.</param>
internal sealed class AddressBook(string folder, TimeProvider time)
{
    /// <summary>The maximum of addresses.</summary>
    public const int CountMax = 20_000;

    private const int PerKeyMax = 4;
    private static readonly TimeSpan RetryMax = TimeSpan.FromHours(3);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, PeerEntry> _entries = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _countOfKey = new(StringComparer.Ordinal);
    private bool _isChanged;

    /// <summary>Called after each change, with discover, connect, connect-failure, disconnect or remove.</summary>
    public event Action<string, PeerEntry>? Changed;

    /// <summary>Every entry.</summary>
    public IReadOnlyList<PeerEntry> All()
    {
        lock (_gate) return [.. _entries.Values];
    }

    /// <summary>The entry of an address, or the first one of a feed id; null for none.</summary>
    public PeerEntry? Find(string addressOrKey)
    {
        lock (_gate)
        {
            return _entries.GetValueOrDefault(addressOrKey)
                ?? _entries.Values.FirstOrDefault(entry => entry.Key == addressOrKey);
        }
    }

    /// <summary>Reads the file, or the one of ssb-gossip. An unreadable file counts as empty and is reported.</summary>
    public void Load()
    {
        foreach (PeerEntry entry in AddressFiles.Read(folder))
        {
            lock (_gate)
            {
                if (_entries.Count < CountMax && _entries.TryAdd(entry.Address.ToString(), entry))
                    _countOfKey[entry.Key] = _countOfKey.GetValueOrDefault(entry.Key) + 1;
            }
        }
    }

    /// <summary>Stores the entries, if they changed.</summary>
    public void Save()
    {
        PeerEntry[] all;
        lock (_gate)
        {
            if (!_isChanged) return;
            _isChanged = false;
            all = [.. _entries.Values];
        }

        try
        {
            OwnerFile.Replace(AddressFiles.PathIn(folder), AddressFiles.Write(all));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"flume: cannot store the addresses of peers in {folder}: {error.Message}");
        }
    }

    /// <summary>
    /// Adds an address. A known one keeps the stronger source. Null at the limits of weak sources.
    /// </summary>
    public PeerEntry? Remember(MultiserverAddress address, PeerSource source, bool autoConnect)
    {
        address = address with { Seed = null };
        PeerEntry entry;
        lock (_gate)
        {
            if (_entries.TryGetValue(address.ToString(), out PeerEntry? known))
            {
                if (known.Source > source) return known;
                entry = known with { Source = source, AutoConnect = autoConnect || known.AutoConnect };
            }
            else
            {
                entry = new PeerEntry(address, source, autoConnect, time.GetUtcNow().ToUnixTimeMilliseconds());
                bool isFull = _entries.Count >= CountMax || _countOfKey.GetValueOrDefault(entry.Key) >= PerKeyMax;
                if (isFull && source < PeerSource.Seed) return null;
            }

            if (entry == known) return entry;
            if (known is null) _countOfKey[entry.Key] = _countOfKey.GetValueOrDefault(entry.Key) + 1;
            _entries[address.ToString()] = entry;
            _isChanged = true;
        }

        Changed?.Invoke("discover", entry);
        return entry;
    }

    /// <summary>Sets whether the scheduler may dial an address. False if the address is unknown.</summary>
    public bool SetAutoConnect(string address, bool isOn) =>
        Update(address, entry => entry with { AutoConnect = isOn }, null) is not null;

    /// <summary>Removes an address. False if it is unknown.</summary>
    public bool Forget(string address)
    {
        PeerEntry? gone;
        lock (_gate)
        {
            if (!_entries.Remove(address, out gone)) return false;
            if (--_countOfKey[gone.Key] == 0) _countOfKey.Remove(gone.Key);
            _isChanged = true;
        }

        Changed?.Invoke("remove", gone);
        return true;
    }

    /// <summary>Records the begin of an attempt.</summary>
    public void Dialling(MultiserverAddress address) =>
        Update(address.ToString(), entry => entry with { State = "connecting", StateChange = Now }, null);

    /// <summary>Records a connection.</summary>
    public void Connected(MultiserverAddress address) => Update(address.ToString(), entry => entry with
    {
        State = "connected",
        StateChange = Now,
        Failure = 0,
        LastError = null,
    }, "connect");

    /// <summary>Records a failed attempt. The next one waits twice as long, with a random part.</summary>
    public void Failed(MultiserverAddress address, string error, TimeSpan retryAfter) =>
        Update(address.ToString(), entry => entry with
        {
            State = null,
            StateChange = Now,
            Failure = entry.Failure + 1,
            LastError = error,
            NextAt = time.GetUtcNow() + Wait(entry.Failure + 1, retryAfter),
        }, "connect-failure");

    /// <summary>Records the end of a connection.</summary>
    public void Ended(MultiserverAddress address, TimeSpan retryAfter) => Update(address.ToString(), entry => entry with
    {
        State = null,
        StateChange = Now,
        NextAt = time.GetUtcNow() + Wait(0, retryAfter),
    }, "disconnect");

    /// <summary>The wait before the next attempt.</summary>
    public static TimeSpan Wait(int failures, TimeSpan retryAfter)
    {
        double factor = Math.Pow(2, Math.Min(failures, 20)) * (0.8 + (Random.Shared.NextDouble() * 0.4));
        TimeSpan wait = retryAfter * factor;
        return wait < RetryMax ? wait : RetryMax;
    }

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    private PeerEntry? Update(string address, Func<PeerEntry, PeerEntry> change, string? news)
    {
        PeerEntry? entry;
        lock (_gate)
        {
            if (!_entries.TryGetValue(address, out entry)) return null;
            _entries[address] = entry = change(entry);
            _isChanged = true;
        }

        if (news is not null) Changed?.Invoke(news, entry);
        return entry;
    }
}
