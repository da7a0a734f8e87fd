using Flume.Api;

namespace Flume.Actors;

/// <summary>What a view must not forget when the process ends, beside its rows.</summary>
/// <param name="Version">The version of its rows when it was last seen; 0 before it ever was.</param>
/// <param name="Share">Part of the time that its indexing may use.</param>
/// <param name="Pause">The pause in force, or null.</param>
/// <param name="Owed">Why it is to be rebuilt, until that is done; null when it is not.</param>
internal sealed record ViewMemory(int Version, double Share, PauseInfo? Pause, string? Owed)
{
    /// <summary>What a view that was never seen before remembers.</summary>
    public static readonly ViewMemory None = new(0, 1.0, null, null);
}

/// <summary>The event of Akka.Persistence: from now on the view remembers this, and nothing of before.</summary>
internal sealed record ViewRemembered(string View, ViewMemory Memory);
