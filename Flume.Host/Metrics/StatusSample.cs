using Flume.Host.Http;
using Flume.Host.Serving;
using Flume.Replication;
using Flume.Ssb.Api;

namespace Flume.Host.Metrics;

/// <summary>A sample of one identity.</summary>
/// <param name="Name">The identity's name.</param>
/// <param name="Log">The state of its log; null if the identity is closed or can't be opened.</param>
/// <param name="Views">The states of its views.</param>
/// <param name="Refusal">The reason why it can't be opened; null if it can.</param>
internal sealed record IdentitySample(
    string Name, LogStatus? Log, IReadOnlyList<ViewStatus> Views, string? Refusal = null)
{
    /// <summary>The health of its replication; null if it does not replicate.</summary>
    public ReplicationHealth? Replication { get; init; }
}

/// <summary>Samples every identity once.</summary>
internal static class StatusSample
{
    /// <summary>
    /// The state of all identities; a sample does not open an identity that was closed because it was idle.
    /// </summary>
    public static async Task<IReadOnlyList<IdentitySample>> TakeAsync(IIdentities identities, CancellationToken cancel)
    {
        List<IdentitySample> seen = [];
        foreach (string name in await identities.NamesAsync(cancel).ConfigureAwait(false))
        {
            if (await LookAsync(identities, name, cancel).ConfigureAwait(false) is { } sample) seen.Add(sample);
        }

        return seen;
    }

    private static async Task<IdentitySample?> LookAsync(IIdentities identities, string name, CancellationToken cancel)
    {
        try
        {
            IIdentity? identity = await identities.FindAsync(name, cancel).ConfigureAwait(false);
            if (identity is null) return null;
            if (!identity.IsOpen) return new IdentitySample(name, null, []);
            LogStatus log = await identity.LogStatusAsync(cancel).ConfigureAwait(false);
            return new IdentitySample(name, log, await identity.StatusAsync(cancel).ConfigureAwait(false))
            {
                Replication = identities.ReplicationOf(name),
            };
        }
        catch (Exception error) when (error is IdentityRejectedException or ReadRejectedException)
        {
            return new IdentitySample(name, null, [], error.Message);
        }
    }
}
