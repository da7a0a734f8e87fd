namespace Flume.Ssb.Api;

/// <summary>What a view is doing.</summary>
public enum ViewState
{
    /// <summary>Since is behind the head and the view is applying entries.</summary>
    CatchingUp,

    /// <summary>Since is the head; the view waits for news.</summary>
    Live,

    /// <summary>Stopped by an operator; answers the rows it has.</summary>
    Paused,

    /// <summary>Fresh rows are being derived beside the serving ones, which go on answering.</summary>
    Rebuilding,

    /// <summary>Stopped by its own error at one offset, after all tries; answers the rows it has.</summary>
    Faulted,
}
