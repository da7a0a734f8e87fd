using Flume.Host.Http;
using Flume.Host.Serving;
using Flume.Ssb.Api;

namespace Flume.Host.Cli;

/// <summary>
/// Shows on a terminal how views catch up after a start; returns when all have, or the service stops.
/// </summary>
internal static class CatchUpBars
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(100);

    /// <summary>Shows the bars, if anybody watches.</summary>
    public static async Task ShowAsync(Output output, IIdentities identities, CancellationToken stop)
    {
        if (!output.IsWatched) return;
        if (await IsCaughtUpAsync(identities, null, stop).ConfigureAwait(false)) return;
        await Progress.RunAsync(output, bars => WatchAsync(identities, bars, stop)).ConfigureAwait(false);
    }

    private static async Task<int> WatchAsync(
        IIdentities identities, Func<string, IProgress<Amount>> bars, CancellationToken stop)
    {
        Dictionary<string, IProgress<Amount>> shown = [];
        using PeriodicTimer timer = new(Every);
        while (!await IsCaughtUpAsync(identities, (name, amount) =>
        {
            if (!shown.TryGetValue(name, out IProgress<Amount>? bar)) shown[name] = bar = bars(name);
            bar.Report(amount);
        }, stop).ConfigureAwait(false))
        {
            await timer.WaitForNextTickAsync(stop).ConfigureAwait(false);
        }

        return 0;
    }

    private static async Task<bool> IsCaughtUpAsync(
        IIdentities identities, Action<string, Amount>? show, CancellationToken stop)
    {
        bool all = true;
        foreach (string name in await identities.NamesAsync(stop).ConfigureAwait(false))
        {
            if (await identities.FindAsync(name, stop).ConfigureAwait(false) is not { } identity) continue;
            long bytes = (await identity.LogStatusAsync(stop).ConfigureAwait(false)).Bytes;
            foreach (ViewStatus view in await identity.StatusAsync(stop).ConfigureAwait(false))
            {
                all &= view.State is not (ViewState.CatchingUp or ViewState.Rebuilding);
                show?.Invoke($"{name} {view.Name}", Done(view, bytes));
            }
        }

        return all;
    }

    private static Amount Done(ViewStatus view, long bytes) => view.Rebuilding is { } rebuilding
        ? new Amount((long)(rebuilding.Progress * bytes), bytes)
        : new Amount(bytes - view.Lag.Bytes, bytes);
}
