using Akka.Actor;

namespace Akka.Persistence.Internal;

/// <summary>The stash an actor uses beside the one in which its commands wait for events to be stored.</summary>
/// <remarks>1. What it gives back goes in front of those commands, and comes when they come.</remarks>
internal sealed class InternalStashAwareStash(IStash own, IStash waiting) : IStash
{
    public int Count => own.Count;

    public bool IsEmpty => own.IsEmpty;

    public bool NonEmpty => own.NonEmpty;

    public bool IsFull => own.IsFull;

    public int Capacity => own.Capacity;

    public void Stash() => own.Stash();

    public void Unstash() => own.Unstash();

    public void UnstashAll() => waiting.Prepend(own.ClearStash());

    public void UnstashAll(Func<Envelope, bool> predicate) => own.UnstashAll(predicate);

    public IEnumerable<Envelope> ClearStash() => own.ClearStash();

    public void Prepend(IEnumerable<Envelope> envelopes) => own.Prepend(envelopes);
}
