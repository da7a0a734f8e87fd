using Flume.Log;

namespace Flume.Ssb.Api;

/// <summary>How fresh a view must be before a read starts.</summary>
/// <remarks>Sources: flumedb's <c>ready(cb, since)</c>, docs/spec 2.</remarks>
public readonly record struct ReadFreshness
{
    private ReadFreshness(bool fresh, Offset atLeast) => (IsFresh, Target) = (fresh, atLeast);

    /// <summary>Reflects every append that was acknowledged before the call: the promise of flumedb.</summary>
    public static ReadFreshness Fresh { get; } = new(true, Offset.None);

    /// <summary>Whatever rows are there now, however old, as long as the view has any store open.</summary>
    public static ReadFreshness NoWait { get; } = new(false, Offset.None);

    /// <summary>True when the target is the head as of the call.</summary>
    public bool IsFresh { get; }

    /// <summary>The smallest since that the read accepts (inclusive), when not <see cref="IsFresh"/>.</summary>
    public Offset Target { get; }

    /// <summary>
    /// Reflects the record at <paramref name="offset"/> (inclusive): how a caller reads its own writes.
    /// </summary>
    public static ReadFreshness AtLeast(Offset offset) => new(false, offset);

    /// <summary>The smallest since that this read accepts, given the head as of the call.</summary>
    public Offset SinceFor(Offset head) => IsFresh ? head : Target;

    /// <inheritdoc/>
    public override string ToString() =>
        IsFresh ? "fresh" : Target.IsSome ? $"at least {Target}" : "no wait";
}
