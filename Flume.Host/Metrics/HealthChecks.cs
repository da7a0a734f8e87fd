using Flume.Host.Http;
using Flume.Log;
using Flume.Ssb.Api;

namespace Flume.Host.Metrics;

/// <summary>One finding about an identity, or one of its views.</summary>
/// <param name="Check">Which check: <c>log</c>, <c>state</c>, <c>lag</c> or <c>stall</c>.</param>
/// <param name="Identity">Whose.</param>
/// <param name="View">Which view; null for the identity's log.</param>
/// <param name="Text">What is wrong, in a sentence; null when nothing is.</param>
internal sealed record Finding(string Check, string Identity, string? View, string? Text);

/// <summary>Judges what a look at the identities saw; remembers since when each view stands where it does.</summary>
/// <remarks>
/// 1. A view that an operator paused is well: it does what it was told. One that is being rebuilt is judged by its lag
/// alone. 2. A stall is found by comparing looks, so the second look is the first that can find one. 3. Any thread.
/// </remarks>
internal sealed class HealthChecks(HealthSettings settings, TimeProvider time)
{
    private readonly Lock gate = new();
    private Dictionary<(string Identity, string View), Stand> stands = [];

    /// <summary>All findings about what was seen, the good ones included.</summary>
    public IReadOnlyList<Finding> Judge(IReadOnlyList<IdentitySample> seen)
    {
        List<Finding> findings = [];
        lock (gate)
        {
            Dictionary<(string, string), Stand> now = [];
            foreach (IdentitySample identity in seen)
            {
                findings.Add(new Finding("log", identity.Name, null, identity.Refusal ?? identity.Log?.ReadOnly));
                foreach (ViewStatus view in identity.Views) Judge(identity.Name, view, now, findings);
            }

            stands = now;
        }

        return findings;
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

    private Stand Standing(string identity, ViewStatus view)
    {
        bool isKnown = stands.TryGetValue((identity, view.Name), out Stand before);
        bool hasMoved = !isKnown || before.Since != view.Since || view.Lag.IsNone;
        return hasMoved ? new Stand(view.Since, time.GetTimestamp()) : before;
    }

    private readonly record struct Stand(Offset Since, long At);
}
