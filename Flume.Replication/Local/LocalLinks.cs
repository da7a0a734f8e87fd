using Flume.Replication.Peers;

namespace Flume.Replication.Local;

/// <summary>
/// Links every two identities of this process of which one replicates the feed of the other, without a socket.
/// </summary>
/// <param name="all">The replicating identities.</param>
/// <param name="stop">Ends all links.</param>
internal sealed class LocalLinks(Func<IEnumerable<ReplicationService.Hosted>> all, CancellationToken stop)
{
    private static readonly TimeSpan AgainAfter = TimeSpan.FromSeconds(2);

    private readonly Dictionary<(string, string), Task> _links = [];

    /// <summary>True if an identity of this process has the feed id.</summary>
    public bool IsLocal(string feed) => all().Any(one => one.Replication.Store.Self == feed);

    /// <summary>Starts the links that an identity should have and has not.</summary>
    public void Check(ReplicationService.Hosted changed)
    {
        foreach (ReplicationService.Hosted other in all())
        {
            if (other == changed || !ShouldLink(changed, other)) continue;
            string a = changed.Replication.Store.Self, b = other.Replication.Store.Self;
            bool isFirst = string.CompareOrdinal(a, b) < 0;
            (string, string) key = isFirst ? (a, b) : (b, a);
            LocalLink link = isFirst ? new(changed, other) : new(other, changed);
            lock (_links)
            {
                if (!_links.ContainsKey(key))
                    _links[key] = BackgroundLoop.RunAsync($"the link of {a} and {b}", () => KeepAsync(key, link));
            }
        }
    }

    /// <summary>Completes when all links have ended.</summary>
    public Task EndedAsync()
    {
        lock (_links) return Task.WhenAll(_links.Values);
    }

    private async Task KeepAsync((string, string) key, LocalLink link)
    {
        try
        {
            while (link.ShouldRun)
            {
                await link.RunAsync(stop).ConfigureAwait(false);
                await Task.Delay(AgainAfter, stop).ConfigureAwait(false);
            }
        }
        finally
        {
            lock (_links) _links.Remove(key);
        }
    }

    private static bool ShouldLink(ReplicationService.Hosted one, ReplicationService.Hosted other) =>
        new LocalLink(one, other).ShouldRun;
}
