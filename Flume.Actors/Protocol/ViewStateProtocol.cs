namespace Flume.Actors.Protocol;

/// <summary>What views say to the registry that remembers across restarts what an operator told them.</summary>
internal static class ViewStateProtocol
{
    /// <summary>Answered by <see cref="OperatorStates"/>, once the journal is read.</summary>
    public sealed record GetOperatorStates;

    /// <summary>What every view remembers, by name; views that remember nothing are missing.</summary>
    public sealed record OperatorStates(IReadOnlyDictionary<string, ViewOperatorState> ByView)
    {
        /// <summary>The journal has not answered: views start as if nothing was remembered, and what was stays stored.</summary>
        public static readonly OperatorStates Unknown = new(new Dictionary<string, ViewOperatorState>());
    }

    /// <summary>Remember this of a view, then tell the sender <paramref name="Answer"/>, when there is one.</summary>
    public sealed record PersistOperatorState(string View, ViewOperatorState OperatorState, object? Answer);

    /// <summary>
    /// From the registry, each time that it has read its journal: tell me what you remember, some of it may have got lost
    /// while I was away.
    /// </summary>
    public sealed record JournalRecovered;
}
