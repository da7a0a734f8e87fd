using Flume.Ssb.Api;

namespace Flume.Actors;

/// <summary>What a view publishes of itself after every change.</summary>
/// <param name="State">What it is doing.</param>
/// <param name="Rebuilding">The rebuild under way, or null.</param>
/// <param name="Pause">The pause in force, or null.</param>
internal sealed record PublishedViewState(ViewState State, RebuildInfo? Rebuilding, PauseInfo? Pause)
{
    /// <summary>Before the view has opened its store.</summary>
    public static readonly PublishedViewState Starting = new(ViewState.CatchingUp, null, null);
}
