using Flume.Host.Http;
using Flume.Host.Serving;
using Flume.Ssb.Api;

namespace Flume.Host.Metrics;

/// <summary>One identity as it was at one moment.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Log">Its log; null while the identity is closed, or can't be opened.</param>
/// <param name="Views">Its views.</param>
/// <param name="Refusal">Why it can't be opened; null when it can.</param>
internal sealed record IdentitySample(
    string Name, LogStatus? Log, IReadOnlyList<ViewStatus> Views, string? Refusal = null);

/// <summary>Looks at every identity once.</summary>
internal static class StatusSample
{
    /// <summary>The state of all; an identity that is closed because nobody used it is not woken.</summary>
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
            return new IdentitySample(name, log, await identity.StatusAsync(cancel).ConfigureAwait(false));
        }
        catch (Exception error) when (error is IdentityRejectedException or ReadRejectedException)
        {
            return new IdentitySample(name, null, [], error.Message);
        }
    }
}
