using Flume.Ssb.Messages;

namespace Flume.Replication.Blobs;

/// <summary>
/// Decides what one identity tells its peers about blobs: the exchange of <c>blobs.createWants</c>.
/// </summary>
/// <remarks>
/// 1. An item is <c>{id: n}</c>: a negative n is a want at that distance, a positive n a size in bytes.
/// 2. A want of a peer is passed on once, one hop farther, up to the sympathy. It ends with the last connection that
///    has it.
/// 3. A size is sent only to peers that want the blob.
/// 4. Not thread-safe. The owner calls it under one lock.
/// </remarks>
internal sealed partial class BlobWants(BlobSettings settings)
{
    private const int HasMax = 10_000;
    private const int ItemsPerPacket = 1000;

    private readonly Dictionary<int, BlobPeer> _peers = [];
    private readonly Dictionary<string, BlobWant> _wants = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HashSet<string>> _pushes = new(StringComparer.Ordinal);
    private readonly Queue<string> _ready = new();

    /// <summary>The number of wants, own ones and those of peers.</summary>
    public int WantCount => _wants.Count;

    /// <summary>The blobs that too few peers have yet.</summary>
    public IReadOnlyCollection<string> Pushed => _pushes.Keys;

    /// <summary>True if the blob is wanted, by the identity or a peer.</summary>
    public bool IsWanted(string id) => _wants.ContainsKey(id);

    /// <summary>Adds a connected peer. All current wants are queued for it.</summary>
    public void Open(int peer, string remote)
    {
        BlobPeer at = _peers[peer] = new BlobPeer(remote);
        foreach ((string id, BlobWant want) in _wants) at.ToSend[id] = want.Distance;
        foreach (string id in _pushes.Keys) at.ToSend[id] = -1;
    }

    /// <summary>Removes a peer, with the wants that only it had.</summary>
    public void Close(int peer)
    {
        if (!_peers.Remove(peer, out BlobPeer? gone)) return;
        foreach (string id in gone.Wants)
        {
            if (_wants.TryGetValue(id, out BlobWant? want)) DropUnwanted(id, want);
        }
    }

    /// <summary>Wants a blob for the identity itself. False at the limit of wants.</summary>
    public bool Want(string id) => Want(id, -1);

    /// <summary>Offers a stored blob until enough peers have it.</summary>
    /// <returns>False at the limit of wants.</returns>
    public bool Push(string id)
    {
        if (_pushes.Count >= settings.WantsMax) return false;
        if (!_pushes.TryAdd(id, new HashSet<string>(StringComparer.Ordinal))) return true;
        foreach (BlobPeer at in _peers.Values) at.ToSend[id] = -1;
        return true;
    }

    /// <summary>Handles one item of a peer.</summary>
    /// <param name="peer">The connection.</param>
    /// <param name="id">The key of the item.</param>
    /// <param name="number">Its value.</param>
    /// <param name="size">The size of the blob in the store; null if it is missing.</param>
    public void Receive(int peer, string id, double number, long? size)
    {
        if (!_peers.TryGetValue(peer, out BlobPeer? at) || !Ref.IsBlob(id)) return;
        if (number < 0) ReceiveWant(at, id, (long)Math.Max(number, -1_000_000), size);
        else if (number > 0) ReceiveHas(at, id, (long)Math.Min(number, 1L << 53));
    }

    /// <summary>Handles a blob that was stored: the peers that want it get its size.</summary>
    public void Added(string id, long size)
    {
        _wants.Remove(id);
        foreach (BlobPeer at in _peers.Values)
        {
            if (at.Wants.Remove(id)) at.ToSend[id] = size;
            else if (!_pushes.ContainsKey(id) && at.ToSend.GetValueOrDefault(id) < 0) at.ToSend.Remove(id);
            at.Failed.Remove(id);
        }
    }

    /// <summary>Removes and returns queued items of a peer; null if there are none.</summary>
    public IReadOnlyList<KeyValuePair<string, long>>? Take(int peer)
    {
        if (!_peers.TryGetValue(peer, out BlobPeer? at) || at.ToSend.Count == 0) return null;
        List<KeyValuePair<string, long>> items = [.. at.ToSend.Take(ItemsPerPacket)];
        foreach ((string id, _) in items) at.ToSend.Remove(id);
        return items;
    }

    private bool Want(string id, long distance)
    {
        bool isKnown = _wants.TryGetValue(id, out BlobWant? want);
        if (isKnown && want!.Distance >= distance) return true;
        if (!isKnown && _wants.Count >= settings.WantsMax) return false;
        if (isKnown) want!.Distance = distance;
        else _wants[id] = want = new BlobWant(distance);
        foreach (BlobPeer at in _peers.Values) at.ToSend[id] = distance;
        Queue(id, want!);
        return true;
    }

    /// <summary>Removes the want of a peer when no connected peer has it any more.</summary>
    private bool DropUnwanted(string id, BlobWant want) => want is { Distance: < -1, IsFetching: false }
        && !_peers.Values.Any(other => other.Wants.Contains(id)) && _wants.Remove(id);

    private void ReceiveWant(BlobPeer at, string id, long distance, long? size)
    {
        if (size is { } stored)
        {
            at.ToSend[id] = stored;
            return;
        }

        if (!at.Wants.Contains(id) && at.Wants.Count >= settings.WantsPerPeerMax) return;
        at.Wants.Add(id);
        if (distance - 1 >= -settings.Sympathy) Want(id, distance - 1);
    }

    private void ReceiveHas(BlobPeer at, string id, long size)
    {
        if (_pushes.TryGetValue(id, out HashSet<string>? reached))
        {
            reached.Add(at.Remote);
            if (reached.Count >= settings.PushTo) _pushes.Remove(id);
        }

        bool isWanted = _wants.TryGetValue(id, out BlobWant? want);
        if (!isWanted && at.Has.Count >= HasMax) return;
        at.Has[id] = size;
        if (isWanted) Queue(id, want!);
    }
}
