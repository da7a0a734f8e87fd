namespace Flume.Ssb.Api;

/// <summary>How a method answers, in muxrpc's words.</summary>
public enum ApiKind
{
    /// <summary>One answer, at once.</summary>
    Sync,

    /// <summary>One answer, later.</summary>
    Async,

    /// <summary>A stream of answers.</summary>
    Source,

    /// <summary>Takes a stream of items, then answers once.</summary>
    Sink,
}
