namespace Flume.Views.Registered;

/// <summary>The limits of registered views, from <c>flume.views.registered</c>.</summary>
/// <param name="ViewsMax">The maximum number of registered views per identity.</param>
/// <param name="QueryBytesMax">The maximum size of a declared view's query.</param>
/// <param name="GroupsMax">The maximum number of groups of a <c>$reduce</c>, and of rows in one live read's
/// memory.</param>
/// <param name="GroupBytesMax">The maximum size of one group's <c>$collect</c>.</param>
/// <param name="StateBytesMax">The maximum size of a client view's state, and of the rows in one commit.</param>
public sealed record RegisteredLimits(
    int ViewsMax, long QueryBytesMax, int GroupsMax, long GroupBytesMax, long StateBytesMax)
{
    /// <summary>The bytes of log in one batch of a feed.</summary>
    public long FeedBatchBytes { get; init; } = 512 << 10;

    /// <summary>The maximum bytes of log that a client has received but not committed.</summary>
    public long FeedWindowBytes { get; init; } = 16 << 20;

    /// <summary>The defaults of flume.conf.</summary>
    internal static readonly RegisteredLimits Default = new(64, 64 << 10, 100_000, 1 << 20, 16 << 20);
}

/// <summary>A registered view exceeds a limit. A retry fails until the view or the limit changes.</summary>
public sealed class ViewLimitException(string message) : Exception(message);
