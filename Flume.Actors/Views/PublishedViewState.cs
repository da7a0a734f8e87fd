using Flume.Ssb.Api;

namespace Flume.Actors;

/// <summary>The state that a view publishes after every change.</summary>
/// <param name="State">The state.</param>
/// <param name="Rebuilding">The rebuild in progress, or null.</param>
/// <param name="Pause">The pause in force, or null.</param>
internal sealed record PublishedViewState(ViewState State, RebuildInfo? Rebuilding, PauseInfo? Pause)
{
    /// <summary>The state before the view has opened its store.</summary>
    public static readonly PublishedViewState Starting = new(ViewState.CatchingUp, null, null);
}
