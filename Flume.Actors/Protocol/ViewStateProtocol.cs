namespace Flume.Actors.Protocol;

/// <summary>Messages to the ViewStateJournalActor, which stores operator state across restarts.</summary>
internal static class ViewStateProtocol
{
    /// <summary>Answered by <see cref="OperatorStates"/> after the journal is recovered.</summary>
    public sealed record GetOperatorStates;

    /// <summary>The stored state of each view, by name; views without one are missing.</summary>
    public sealed record OperatorStates(IReadOnlyDictionary<string, ViewOperatorState> ByView)
    {
        /// <summary>
        /// The journal did not answer: views start with the default state, and the stored state is unchanged.
        /// </summary>
        public static readonly OperatorStates Unknown = new(new Dictionary<string, ViewOperatorState>());
    }

    /// <summary>Store the state of a view, then send <paramref name="Answer"/>, if any, to the sender.</summary>
    public sealed record PersistOperatorState(string View, ViewOperatorState OperatorState, object? Answer);

    /// <summary>
    /// From the ViewStateJournalActor after each recovery. The receiver sends its states again, because some of them
    /// may be lost.
    /// </summary>
    public sealed record JournalRecovered;
}
