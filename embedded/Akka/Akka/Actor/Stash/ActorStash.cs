namespace Akka.Actor;

/// <summary>The stash of one actor; what it gives back goes to the front of the mailbox.</summary>
/// <param name="cell">The actor's.</param>
/// <param name="capacity">Number of messages at most; negative is any number.</param>
/// <remarks>1. Belongs to the actor's turn.</remarks>
internal sealed class ActorStash(ActorCell cell, int capacity) : IStash
{
    private LinkedList<Envelope> _stashed = new();
    private int _lastStashed;

    /// <summary>A stash as the actor's kind and props say.</summary>
    public static ActorStash For(ActorCell cell, IActorStash actor) =>
        new(cell, actor is IWithUnboundedStash ? -1 : cell.Props.StashCapacity);

    public int Count => _stashed.Count;

    public bool IsEmpty => Count == 0;

    public bool NonEmpty => Count > 0;

    public bool IsFull => Capacity >= 0 && Count >= Capacity;

    public int Capacity => capacity;

    public void Stash()
    {
        if (_lastStashed == cell.EnvelopeId)
            throw new IllegalActorStateException($"Can't stash the same message {cell.CurrentMessage} more than once");
        if (Capacity > 0 && Count >= Capacity)
            throw new StashOverflowException($"Could not stash {cell.CurrentMessage} from {cell.Sender}: the stash "
                + $"of {cell.Self} "
                + $"holds {Capacity} messages, which is all that it may.");
        _lastStashed = cell.EnvelopeId;
        _stashed.AddLast(new Envelope(cell.CurrentMessage, cell.Sender));
    }

    public void Unstash()
    {
        if (IsEmpty)
            return;
        var oldest = _stashed.First.Value;
        _stashed.RemoveFirst();
        PutBack(oldest);
    }

    public void UnstashAll() => UnstashAll(static _ => true);

    public void UnstashAll(Func<Envelope, bool> predicate)
    {
        var stashed = Taken();
        for (var node = stashed.Last; node != null; node = node.Previous)
        {
            if (predicate(node.Value))
                PutBack(node.Value);
        }
    }

    public IEnumerable<Envelope> ClearStash() => Taken();

    public void Prepend(IEnumerable<Envelope> envelopes)
    {
        foreach (var envelope in envelopes.Distinct().Reverse())
            _stashed.AddFirst(envelope);
    }

    private LinkedList<Envelope> Taken()
    {
        var stashed = _stashed;
        _stashed = new LinkedList<Envelope>();
        return stashed;
    }

    private void PutBack(Envelope envelope)
    {
        cell.Mailbox.PostFirst(envelope);
        if (envelope.Message is Terminated terminated)
            cell.TerminatedQueuedFor(terminated.ActorRef, null);
    }
}
