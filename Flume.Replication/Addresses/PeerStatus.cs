using Flume.Query.Json;
using Flume.Replication.Peers;

namespace Flume.Replication.Addresses;

/// <summary>The state of an identity's peers, for operators: connections, and other known addresses.</summary>
internal static class PeerStatus
{
    /// <summary>One object for each connection and for each other known address.</summary>
    public static JsValue Describe(ReplicationService.Hosted hosted)
    {
        JsArray all = new();
        HashSet<string> shown = new(StringComparer.Ordinal);
        IEnumerable<KeyValuePair<PeerSession, DateTimeOffset>> open = hosted.Binding.Sessions.All;
        foreach ((PeerSession session, DateTimeOffset since) in open.OrderBy(static one => one.Value))
        {
            shown.Add(session.Address);
            all.Add(Connection(hosted, session, since));
        }

        foreach (PeerEntry entry in hosted.Binding.Book.All().Where(entry => !shown.Contains(entry.Address.ToString())))
            all.Add(Address(hosted, entry));
        return JsValue.From(all);
    }

    private static JsValue Connection(ReplicationService.Hosted hosted, PeerSession session, DateTimeOffset since)
    {
        (int feeds, int feedsBehind, long messagesBehind) =
            hosted.Replication.Read(state => state.StandingOf(session.Remote));
        (long received, long sent) = hosted.Binding.Sessions.BytesOf(session);
        return JsValue.From(Common(session.Remote, session.Address)
            .Set("state", JsValue.From("connected"))
            .Set("direction", JsValue.From(session.IsClient ? "out" : "in"))
            .Set("mode", JsValue.From(session.Mode))
            .Set("since", JsValue.From(since.ToUnixTimeMilliseconds()))
            .Set("feeds", JsValue.From(feeds))
            .Set("feedsBehind", JsValue.From(feedsBehind))
            .Set("messagesBehind", JsValue.From(messagesBehind))
            .Set("bytesReceived", JsValue.From(received))
            .Set("bytesSent", JsValue.From(sent))
            .Set("lastError", session.Blobs?.LastError is { Length: > 0 } error ? JsValue.From(error) : JsValue.Null)
            .Set("blocked", JsValue.From(hosted.Replication.Blocks(session.Remote))));
    }

    private static JsValue Address(ReplicationService.Hosted hosted, PeerEntry entry) =>
        JsValue.From(Common(entry.Key, entry.Address.ToString())
            .Set("state", JsValue.From(entry.State ?? "known"))
            .Set("direction", JsValue.From("out"))
            .Set("source", JsValue.From(entry.Source.ToString().ToLowerInvariant()))
            .Set("autoconnect", JsValue.From(entry.AutoConnect))
            .Set("since", JsValue.From(entry.StateChange))
            .Set("failures", JsValue.From(entry.Failure))
            .Set("lastError", entry.LastError is { } error ? JsValue.From(error) : JsValue.Null)
            .Set("blocked", JsValue.From(hosted.Replication.Blocks(entry.Key))));

    private static JsObject Common(string key, string address) => new JsObject()
        .Set("key", JsValue.From(key))
        .Set("address", JsValue.From(address))
        .Set("transport", JsValue.From(address.Split(':')[0]));
}
