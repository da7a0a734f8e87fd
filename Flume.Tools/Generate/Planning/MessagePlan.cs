namespace Flume.Tools.Generate.Planning;

/// <summary>
/// The parts of a message that depend on other messages: author, times, and the earlier messages that it mentions.
/// </summary>
/// <remarks>
/// 1. A message is identified by its index in the log; -1 means none.
/// 2. Mentioned messages are in earlier windows, so that their ids are known before this window is signed. Only <see
/// cref="Previous"/> may be in the same window: one thread signs an author's messages in order.
/// </remarks>
internal struct MessagePlan
{
    /// <summary>The index in the log, from 0.</summary>
    public int Index;

    /// <summary>The author's index, from 0.</summary>
    public int Author;

    /// <summary>The author's sequence, from 1.</summary>
    public int Sequence;

    /// <summary>The author's previous message, or -1 for the first.</summary>
    public int Previous;

    /// <summary>The message's kind.</summary>
    public MessageKind Kind;

    /// <summary>The <see cref="OddVariant"/> or <see cref="PoisonVariant"/> of an odd or poison message.</summary>
    public int Variant;

    /// <summary>
    /// The target: a thread, a message to vote on, a conversation, a gathering or a repository; or -1.
    /// </summary>
    public int Target;

    /// <summary>The author of <see cref="Target"/>; this message's author if there is none.</summary>
    public int TargetAuthor;

    /// <summary>The newest reply in the thread that the author knows, or -1.</summary>
    public int Branch;

    /// <summary>The reply before <see cref="Branch"/>, or -1.</summary>
    public int SecondBranch;

    /// <summary>The claimed time in milliseconds since 1970.</summary>
    public double Claimed;

    /// <summary>The received time in milliseconds since 1970; it increases from record to record.</summary>
    public double Received;

    /// <summary>True for an odd message of this variant.</summary>
    public readonly bool Is(OddVariant variant) => Kind == MessageKind.Odd && Variant == (int)variant;
}
