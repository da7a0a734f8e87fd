namespace Flume.Ssb.Api;

/// <summary>The kind of a method's result, in muxrpc's terms.</summary>
public enum ApiKind
{
    /// <summary>One immediate result.</summary>
    Sync,

    /// <summary>One asynchronous result.</summary>
    Async,

    /// <summary>A stream of results.</summary>
    Source,

    /// <summary>A stream of input items, then one result.</summary>
    Sink,
}
