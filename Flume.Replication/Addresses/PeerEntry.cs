using Flume.Muxrpc.Transports;
using Flume.Query.Json;
using Flume.Ssb.Messages;

namespace Flume.Replication.Addresses;

/// <summary>One address of a peer, with the outcome of the last attempts to reach it.</summary>
/// <param name="Address">The address, without a seed.</param>
/// <param name="Source">Where it comes from.</param>
/// <param name="AutoConnect">True if the scheduler may dial it.</param>
/// <param name="Birth">The time at which it was added, in milliseconds since 1970.</param>
internal sealed record PeerEntry(MultiserverAddress Address, PeerSource Source, bool AutoConnect, long Birth)
{
    /// <summary>The peer's feed id.</summary>
    public string Key { get; } = Ref.Feed(Address.Key!.Value.Span);

    /// <summary>connecting or connected; null for neither.</summary>
    public string? State { get; init; }

    /// <summary>The time of the last change of the state, in milliseconds since 1970; 0 for none.</summary>
    public long StateChange { get; init; }

    /// <summary>The number of failures since the last connection.</summary>
    public int Failure { get; init; }

    /// <summary>The reason of the last failure; null for none.</summary>
    public string? LastError { get; init; }

    /// <summary>The time before which the scheduler does not dial it.</summary>
    public DateTimeOffset NextAt { get; init; }

    /// <summary>The entry as ssb-conn stores and answers it, without the address.</summary>
    public JsValue ToJson()
    {
        JsObject data = new JsObject()
            .Set("key", JsValue.From(Key))
            .Set("birth", JsValue.From(Birth))
            .Set("source", JsValue.From(Source.ToString().ToLowerInvariant()))
            .Set("autoconnect", JsValue.From(AutoConnect))
            .Set("stateChange", JsValue.From(StateChange))
            .Set("failure", JsValue.From(Failure));
        if (Source is PeerSource.Pub or PeerSource.Seed) data.Set("type", JsValue.From("pub"));
        return JsValue.From(data);
    }
}

/// <summary>The sources of addresses, the strongest last.</summary>
internal enum PeerSource
{
    /// <summary>A message of type pub.</summary>
    Pub,

    /// <summary>A file of an earlier run or of another program.</summary>
    Stored,

    /// <summary>An invite.</summary>
    Seed,

    /// <summary>A call of the owner.</summary>
    Manual,

    /// <summary>The configuration. It is not stored.</summary>
    Configured,
}
