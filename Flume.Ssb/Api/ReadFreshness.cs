using Flume.Log;

namespace Flume.Ssb.Api;

/// <summary>The minimum freshness of a view for a read.</summary>
/// <remarks>Sources: flumedb's <c>ready(cb, since)</c>, docs/spec 2.</remarks>
public readonly record struct ReadFreshness
{
    private ReadFreshness(bool fresh, Offset atLeast) => (IsFresh, Target) = (fresh, atLeast);

    /// <summary>Requires all appends acknowledged before the call, as flumedb guarantees.</summary>
    public static ReadFreshness Fresh { get; } = new(true, Offset.None);

    /// <summary>Accepts the current rows of any age, if the view has an open store.</summary>
    public static ReadFreshness NoWait { get; } = new(false, Offset.None);

    /// <summary>True if the target is the head at the call.</summary>
    public bool IsFresh { get; }

    /// <summary>The minimum since (inclusive), if <see cref="IsFresh"/> is false.</summary>
    public Offset Target { get; }

    /// <summary>
    /// Requires the record at <paramref name="offset"/> (inclusive), so that a caller reads its own writes.
    /// </summary>
    public static ReadFreshness AtLeast(Offset offset) => new(false, offset);

    /// <summary>The minimum since of this read for a given head.</summary>
    public Offset SinceFor(Offset head) => IsFresh ? head : Target;

    /// <inheritdoc/>
    public override string ToString() =>
        IsFresh ? "fresh" : Target.IsSome ? $"at least {Target}" : "no wait";
}
