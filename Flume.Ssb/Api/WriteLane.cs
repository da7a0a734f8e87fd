namespace Flume.Ssb.Api;

/// <summary>Which of one caller's writes keep their order without waiting for each other's answers.</summary>
public enum WriteLane
{
    /// <summary>The method writes nothing whose order counts.</summary>
    None,

    /// <summary>It enters the queue of the identity's publisher before it first waits.</summary>
    Feed,

    /// <summary>It enters the queue of the log's writer before it first waits.</summary>
    Log,

    /// <summary>It begins when all earlier writes are answered, and later ones begin when it is answered.</summary>
    Alone,
}
