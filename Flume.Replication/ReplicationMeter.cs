using System.Diagnostics.Metrics;
using Flume.Replication.Peers;

namespace Flume.Replication;

/// <summary>The metrics of replication: meter <c>Flume.Replication</c>. Each value has an identity.</summary>
internal sealed class ReplicationMeter : IDisposable
{
    /// <summary>The meter's name.</summary>
    public const string Name = "Flume.Replication";

    private readonly Meter _meter = new(Name);
    private readonly Func<IEnumerable<KeyValuePair<string, ReplicationService.Hosted>>> _all;

    /// <summary>Creates the instruments.</summary>
    /// <param name="all">The replicating identities by name.</param>
    public ReplicationMeter(Func<IEnumerable<KeyValuePair<string, ReplicationService.Hosted>>> all)
    {
        _all = all;
        _meter.CreateObservableUpDownCounter("flume.replication.peers", Peers, "{peer}", "Open connections.");
        Gauge("flume.replication.feeds", "{feed}", "Replicated feeds.", one => one.Replication.Wanted().Count);
        Gauge("flume.replication.messages.behind", "{message}", "Messages that peers have and the log lacks.",
            one => one.Replication.Behind());
        Gauge("flume.replication.own.behind", "{message}", "Own messages that peers announce and the log lacks.",
            one => one.Replication.OwnBehind);
        Gauge("flume.replication.forks", "{feed}", "Feeds of which a peer sent another branch or an invalid message.",
            one => one.Replication.Forks.ToDictionary().Count);
        Gauge("flume.replication.blobs.wanted", "{blob}", "Wanted blobs.",
            one => one.Replication.Blobs?.WantCount ?? 0);
        Counter("flume.replication.blobs.fetched", "{blob}", "Blobs fetched from peers.",
            one => one.Replication.Blobs?.FetchedCount ?? 0);
        Counter("flume.replication.messages.sent", "{message}", "Messages sent by EBT.",
            one => one.Replication.SentCount);
        Counter("flume.replication.messages.appended", "{message}", "Messages appended to the log, from any source.",
            one => one.Replication.AcceptedCount);
        _meter.CreateObservableCounter("flume.replication.io", Bytes, "By", "Bytes of packets.");
    }

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();

    private IEnumerable<Measurement<long>> Peers() => _all().SelectMany(static one =>
    {
        PeerSession[] sessions = [.. one.Value.Binding.Sessions.All.Select(static open => open.Key)];
        int outgoing = sessions.Count(static session => session.IsClient);
        return new[]
        {
            new Measurement<long>(outgoing, Tag("identity", one.Key), Tag("direction", "out")),
            new Measurement<long>(sessions.Length - outgoing, Tag("identity", one.Key), Tag("direction", "in")),
        };
    });

    private IEnumerable<Measurement<long>> Bytes() => _all().SelectMany(static one =>
    {
        (long received, long sent) = one.Value.Binding.Sessions.Bytes;
        return new[]
        {
            new Measurement<long>(received, Tag("identity", one.Key), Tag("network.io.direction", "receive")),
            new Measurement<long>(sent, Tag("identity", one.Key), Tag("network.io.direction", "transmit")),
        };
    });

    private void Gauge(string name, string unit, string what, Func<ReplicationService.Hosted, long> value) =>
        _meter.CreateObservableGauge(name, () => Each(value), unit, what);

    private void Counter(string name, string unit, string what, Func<ReplicationService.Hosted, long> value) =>
        _meter.CreateObservableCounter(name, () => Each(value), unit, what);

    private IEnumerable<Measurement<long>> Each(Func<ReplicationService.Hosted, long> value) =>
        _all().Select(one => new Measurement<long>(value(one.Value), Tag("identity", one.Key)));

    private static KeyValuePair<string, object?> Tag(string name, string value) => new(name, value);
}
