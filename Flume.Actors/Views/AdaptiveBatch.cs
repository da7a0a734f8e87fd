namespace Flume.Actors;

/// <summary>
/// Sets the number of entries of a view's next step: few when live, so that reads are answered soon; many when far
/// behind, so that the entries share the cost of a commit.
/// </summary>
/// <remarks><see cref="Entries"/> is always between the limits, both inclusive.</remarks>
internal sealed class AdaptiveBatch(AdaptiveBatchLimits limits)
{
    /// <summary>Entries for the next step.</summary>
    public int Entries { get; private set; } = limits.EntriesMin;

    /// <summary>Adapts to a step: its entries, its duration, and whether more entries exist.</summary>
    public void Learn(int entries, TimeSpan duration, bool isBehind)
    {
        double targetMs = isBehind ? limits.StepMsBehind : limits.StepMsLive;
        double msPerEntry = duration.TotalMilliseconds / Math.Max(1, entries);
        double target = msPerEntry <= 0 ? limits.EntriesMax : targetMs / msPerEntry;
        // Only a full batch measures what the next one can be; a short batch reached the head. Growth is at most
        // double, because one fast measurement must not cause a step that blocks reads for long.
        double max = entries >= Entries && isBehind ? Entries * 2.0 : Entries;
        Entries = (int)Math.Clamp(Math.Min(target, max), limits.EntriesMin, limits.EntriesMax);
    }
}

/// <summary>The range of a view's batches.</summary>
/// <param name="EntriesMin">The smallest batch, and the first.</param>
/// <param name="EntriesMax">The largest.</param>
/// <param name="StepMsLive">Target duration of a step of a live view, in milliseconds.</param>
/// <param name="StepMsBehind">Target duration of a step when more entries exist, in milliseconds.</param>
internal sealed record AdaptiveBatchLimits(int EntriesMin, int EntriesMax, double StepMsLive, double StepMsBehind)
{
    /// <summary>The range that the settings configure.</summary>
    public static AdaptiveBatchLimits From(ViewSettings settings) => new(
        settings.StepEntriesMin, settings.StepEntriesMax,
        settings.StepLive.TotalMilliseconds, settings.StepBehind.TotalMilliseconds);

    /// <summary>
    /// The range for a fresh store that cuts over beside the serving one: the fresh store is behind, but its steps must
    /// not delay reads of the serving one.
    /// </summary>
    public static AdaptiveBatchLimits FromBeside(ViewSettings settings)
    {
        AdaptiveBatchLimits limits = From(settings);
        return limits with { StepMsBehind = Math.Min(2 * limits.StepMsLive, limits.StepMsBehind) };
    }
}
