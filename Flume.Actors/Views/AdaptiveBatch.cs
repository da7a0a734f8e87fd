namespace Flume.Actors;

/// <summary>
/// Decides how many entries a view's next step takes: few when live, so that news and queries are answered at once;
/// many when far behind, so that the cost of a commit is shared.
/// </summary>
/// <remarks><see cref="Entries"/> always lies between the limits, both inclusive.</remarks>
internal sealed class AdaptiveBatch(AdaptiveBatchLimits limits)
{
    /// <summary>Entries for the next step.</summary>
    public int Entries { get; private set; } = limits.EntriesMin;

    /// <summary>Learns from a step: how many entries it took, how long, and whether more are waiting.</summary>
    public void Learn(int entries, TimeSpan took, bool isBehind)
    {
        double targetMs = isBehind ? limits.StepMsBehind : limits.StepMsLive;
        double msPerEntry = took.TotalMilliseconds / Math.Max(1, entries);
        double wanted = msPerEntry <= 0 ? limits.EntriesMax : targetMs / msPerEntry;
        // A full batch says what the next can be; a short one only that nothing more was there. Growth is bounded, so
        // that one lucky measurement can't make a step that blocks queries for long.
        double most = entries >= Entries && isBehind ? Entries * 2.0 : Entries;
        Entries = (int)Math.Clamp(Math.Min(wanted, most), limits.EntriesMin, limits.EntriesMax);
    }
}

/// <summary>The range of a view's batches.</summary>
/// <param name="EntriesMin">The smallest batch, and the first.</param>
/// <param name="EntriesMax">The largest.</param>
/// <param name="StepMsLive">How long a step may take when the view is caught up, in milliseconds.</param>
/// <param name="StepMsBehind">How long when more entries wait.</param>
internal sealed record AdaptiveBatchLimits(int EntriesMin, int EntriesMax, double StepMsLive, double StepMsBehind)
{
    /// <summary>The range that settings ask for.</summary>
    public static AdaptiveBatchLimits From(ViewSettings settings) => new(
        settings.StepEntriesMin, settings.StepEntriesMax,
        settings.StepLive.TotalMilliseconds, settings.StepBehind.TotalMilliseconds);

    /// <summary>The range while a fresh store closes in beside one that readers wait for: it is behind, they are not.</summary>
    public static AdaptiveBatchLimits FromBeside(ViewSettings settings)
    {
        AdaptiveBatchLimits limits = From(settings);
        return limits with { StepMsBehind = Math.Min(2 * limits.StepMsLive, limits.StepMsBehind) };
    }
}
