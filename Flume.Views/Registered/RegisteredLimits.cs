namespace Flume.Views.Registered;

/// <summary>What registered views may take: <c>flume.views.registered</c>.</summary>
/// <param name="ViewsMax">Registered views of one identity.</param>
/// <param name="QueryBytesMax">Bytes of a declared view's query.</param>
/// <param name="GroupsMax">Groups of a declared view's <c>$reduce</c>, and rows of one live reading's memory.</param>
/// <param name="GroupBytesMax">Bytes that one group's <c>$collect</c> may hold.</param>
/// <param name="StateBytesMax">Bytes of a client view's state, and of the rows of one commit.</param>
public sealed record RegisteredLimits(
    int ViewsMax, long QueryBytesMax, int GroupsMax, long GroupBytesMax, long StateBytesMax)
{
    /// <summary>Bytes of log in one batch of a feed.</summary>
    public long FeedBatchBytes { get; init; } = 512 << 10;

    /// <summary>Bytes of log that a client may have and not yet have committed.</summary>
    public long FeedWindowBytes { get; init; } = 16 << 20;

    /// <summary>The limits of the built-in flume.conf.</summary>
    internal static readonly RegisteredLimits Default = new(64, 64 << 10, 100_000, 1 << 20, 16 << 20);
}

/// <summary>A registered view met one of its limits: trying again is in vain until one of the two changes.</summary>
public sealed class ViewLimitException(string message) : Exception(message);
