namespace Akka.Pattern;

/// <summary>Pauses that double from the shortest to the longest, each longer by a random share.</summary>
/// <param name="RandomFactor">The largest share: 0.2 is up to 20 %.</param>
internal sealed record BackoffPauses(TimeSpan Min, TimeSpan Max, double RandomFactor)
{
    /// <exception cref="ArgumentException">No pauses can be like this.</exception>
    public void Check()
    {
        if (Min <= TimeSpan.Zero)
            throw new ArgumentException($"The shortest pause is {Min}; it must be longer than zero.");
        if (Max < Min)
            throw new ArgumentException($"The longest pause, {Max}, is shorter than the shortest, {Min}.");
        if (RandomFactor is < 0.0 or > 1.0)
            throw new ArgumentException($"The random factor is {RandomFactor}; it must be from 0 to 1.");
    }

    /// <summary>The pause after so many starts.</summary>
    public TimeSpan After(int starts)
    {
        var random = 1.0 + (Random.Shared.NextDouble() * RandomFactor);
        var ticks = Math.Min(Max.Ticks, Min.Ticks * Math.Pow(2, starts)) * random;
        return ticks >= TimeSpan.MaxValue.Ticks ? Max : TimeSpan.FromTicks((long)ticks);
    }
}
