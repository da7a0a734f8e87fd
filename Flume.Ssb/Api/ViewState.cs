namespace Flume.Ssb.Api;

/// <summary>The state of a view.</summary>
public enum ViewState
{
    /// <summary>Since is below the head, and the view applies entries.</summary>
    CatchingUp,

    /// <summary>Since equals the head, and the view waits for appends.</summary>
    Live,

    /// <summary>An operator paused the view. Reads use the existing rows.</summary>
    Paused,

    /// <summary>A rebuild builds fresh rows while the serving rows answer reads.</summary>
    Rebuilding,

    /// <summary>Retries at one offset failed. Reads use the existing rows.</summary>
    Faulted,
}
