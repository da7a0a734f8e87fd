namespace Flume.Tools.Generate.Planning;

/// <summary>
/// Everything about a message that depends on other messages: who, when, and which earlier ones it names.
/// </summary>
/// <remarks>
/// 1. Messages are named by their index in the log; -1 stands for none.
/// 2. What a plan names lies in an earlier window, so its id is known before this window is signed. Only
///    <see cref="Previous"/> may lie in the same window: an author's messages are signed in order, by one thread.
/// </remarks>
internal struct MessagePlan
{
    /// <summary>Place in the log, from 0.</summary>
    public int Index;

    /// <summary>Which author, from 0.</summary>
    public int Author;

    /// <summary>The author's own counter, from 1.</summary>
    public int Sequence;

    /// <summary>The author's previous message, or -1 for the first.</summary>
    public int Previous;

    /// <summary>What it is about.</summary>
    public MessageKind Kind;

    /// <summary>The <see cref="OddVariant"/> or <see cref="PoisonVariant"/> of an odd or poison message.</summary>
    public int Variant;

    /// <summary>
    /// The thread replied to, the message voted on, the conversation, the gathering or the repository; or -1.
    /// </summary>
    public int Target;

    /// <summary>Who wrote <see cref="Target"/>; the author itself when there is none.</summary>
    public int TargetAuthor;

    /// <summary>The newest reply in the thread that the author has seen, or -1.</summary>
    public int Branch;

    /// <summary>The reply before <see cref="Branch"/>, or -1.</summary>
    public int SecondBranch;

    /// <summary>The claimed time in milliseconds since 1970.</summary>
    public double Claimed;

    /// <summary>The time received in milliseconds since 1970; grows from record to record.</summary>
    public double Received;

    /// <summary>True for an odd message of this variant.</summary>
    public readonly bool Is(OddVariant variant) => Kind == MessageKind.Odd && Variant == (int)variant;
}
