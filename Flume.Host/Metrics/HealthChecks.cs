using Flume.Host.Http;
using Flume.Log;
using Flume.Replication;
using Flume.Ssb.Api;

namespace Flume.Host.Metrics;

/// <summary>One finding about an identity or a view.</summary>
/// <param name="Check">
/// The check: <c>log</c>, <c>width</c>, <c>peers</c>, <c>own-feed</c>, <c>state</c>, <c>lag</c> or <c>stall</c>.
/// </param>
/// <param name="Identity">The identity's name.</param>
/// <param name="View">The view's name; null for the identity's log.</param>
/// <param name="Text">The defect, in a sentence; null if the check passes.</param>
internal sealed record Finding(string Check, string Identity, string? View, string? Text);

/// <summary>Evaluates samples of the identities; remembers how long each view has had its current since.</summary>
/// <remarks>
/// 1. A view that an operator paused is healthy. For a view in a rebuild, only its lag counts.
/// 2. A stall is found by comparing two samples, so the second sample is the first that can find one.
/// 3. Thread-safe.
/// </remarks>
internal sealed class HealthChecks(HealthSettings settings, TimeProvider time)
{
    // Time to import the log into a wider one.
    private const double FullShare = 0.8;

    private readonly Lock _gate = new();
    private Dictionary<(string Identity, string View), Stand> _stands = [];

    /// <summary>Returns all findings about a sample, passed checks included.</summary>
    public IReadOnlyList<Finding> Judge(IReadOnlyList<IdentitySample> seen)
    {
        List<Finding> findings = [];
        lock (_gate)
        {
            Dictionary<(string, string), Stand> now = [];
            foreach (IdentitySample identity in seen)
            {
                findings.Add(new Finding("log", identity.Name, null, identity.Refusal ?? Refusal(identity.Log)));
                findings.Add(new Finding("width", identity.Name, null, Narrow(identity.Log)));
                if (identity.Replication is { } replication) Judge(identity.Name, replication, findings);
                foreach (ViewStatus view in identity.Views) Judge(identity.Name, view, now, findings);
            }

            _stands = now;
        }

        return findings;
    }

    private void Judge(string identity, ReplicationHealth replication, List<Finding> findings)
    {
        TimeSpan alone = replication.AloneSince is { } since ? time.GetUtcNow() - since : TimeSpan.Zero;
        findings.Add(new Finding("peers", identity, null, alone > settings.AloneMax
            ? $"No peer has been connected for {alone.TotalMinutes:F0} min; allowed are " +
                $"{settings.AloneMax.TotalMinutes:F0} min. 'flume peers' shows the attempts."
            : null));
        findings.Add(new Finding("own-feed", identity, null, replication.OwnBehind > 0
            ? $"The own feed is behind: peers have {replication.OwnBehind} own messages that the log lacks. Publishing " +
                "waits for them, or for flume.confirmRestore."
            : null));
    }

    private void Judge(
        string identity, ViewStatus view, Dictionary<(string, string), Stand> now, List<Finding> findings)
    {
        Stand stand = Standing(identity, view);
        now[(identity, view.Name)] = stand;
        bool isPaused = view.State == ViewState.Paused;
        findings.Add(new Finding("state", identity, view.Name, view.State == ViewState.Faulted
            ? $"The view is faulted at {view.Since}: {view.LastError}"
            : null));
        bool isLate = !isPaused && view.Lag.Seconds > settings.LagMax.TotalSeconds;
        findings.Add(new Finding("lag", identity, view.Name, isLate
            ? $"The view is {view.Lag.Records} records behind, for {view.Lag.Seconds:F0} s; " +
                $"allowed are {settings.LagMax.TotalSeconds:F0} s."
            : null));
        TimeSpan still = time.GetElapsedTime(stand.At);
        bool shouldMove = !view.Lag.IsNone && !isPaused && view.State != ViewState.Rebuilding;
        bool isStalled = shouldMove && still > settings.StallMax;
        findings.Add(new Finding("stall", identity, view.Name, isStalled
            ? $"The head is {view.Head} and the view has stood at {view.Since} for {still.TotalSeconds:F0} s."
            : null));
    }

    // A log that is only followed is as its operator wants it.
    private static string? Refusal(LogStatus? log) => log is { IsFollowed: false } ? log.ReadOnly : null;

    private static string? Narrow(LogStatus? log) =>
        log is not null && log.Bytes > log.BytesMax * FullShare
            ? $"The log has {log.Bytes} of the {log.BytesMax} bytes that its offsets can express; beyond them it " +
                "takes no appends. Import it into a wider one: flume import FILE --offset-bits 48."
            : null;

    private Stand Standing(string identity, ViewStatus view)
    {
        bool isKnown = _stands.TryGetValue((identity, view.Name), out Stand before);
        bool hasMoved = !isKnown || before.Since != view.Since || view.Lag.IsNone;
        return hasMoved ? new Stand(view.Since, time.GetTimestamp()) : before;
    }

    private readonly record struct Stand(Offset Since, long At);
}
