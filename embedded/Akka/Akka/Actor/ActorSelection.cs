namespace Akka.Actor;

/// <summary>The actors, if any, that live at a path when a message is sent there.</summary>
public class ActorSelection : ICanTell
{
    public ActorSelection(IActorRef anchor, SelectionPathElement[] path)
    {
        Anchor = anchor;
        Path = path;
    }

    public ActorSelection(IActorRef anchor, string path) : this(anchor, path.Split('/'))
    {
    }

    public ActorSelection(IActorRef anchor, IEnumerable<string> elements)
        : this(anchor, SelectionDelivery.Steps(elements))
    {
    }

    /// <summary>Where the path starts.</summary>
    public IActorRef Anchor { get; }

    public SelectionPathElement[] Path { get; }

    public string PathString => "/" + string.Join<SelectionPathElement>('/', Path);

    /// <summary>Sends, in the name of the actor that is running unless a sender is given.</summary>
    public void Tell(object message, IActorRef sender = null) => SelectionDelivery.Deliver((IInternalActorRef)Anchor,
        new ActorSelectionMessage(message, Path), sender ?? ActorCell.Current?.Self);

    /// <exception cref="ActorNotFoundException">No actor answered within the time.</exception>
    public Task<IActorRef> ResolveOne(TimeSpan timeout) => ResolveOne(timeout, CancellationToken.None);

    /// <exception cref="ActorNotFoundException">No actor answered within the time.</exception>
    public async Task<IActorRef> ResolveOne(TimeSpan timeout, CancellationToken ct)
    {
        try
        {
            var identity = await this.Ask<ActorIdentity>(new Identify(null), timeout, ct).ConfigureAwait(false);
            return identity.Subject ?? throw new ActorNotFoundException("There is no actor at " + this);
        }
        catch (Exception e)
        {
            throw new ActorNotFoundException("Exception occurred while resolving ActorSelection", e);
        }
    }

    public override bool Equals(object obj) =>
        obj is ActorSelection other && other.GetType() == GetType() && Equals(other);

    protected bool Equals(ActorSelection other) => Equals(Anchor, other.Anchor) && PathString == other.PathString;

    public override int GetHashCode() => HashCode.Combine(Anchor, PathString);

    public override string ToString() => $"ActorSelection[Anchor({Anchor.Path.ToStringWithUid()}), Path({PathString})]";
}

/// <summary>A message on its way through a selection.</summary>
public class ActorSelectionMessage : IAutoReceivedMessage, IPossiblyHarmful, IWrappedMessage
{
    public ActorSelectionMessage(object message, SelectionPathElement[] elements, bool wildCardFanOut = false)
    {
        Message = message;
        Elements = elements;
        WildCardFanOut = wildCardFanOut;
    }

    public object Message { get; }

    /// <summary>The steps still to go.</summary>
    public SelectionPathElement[] Elements { get; }

    /// <summary>Whether the message went more than one way: then it is no dead letter where it finds nobody.</summary>
    public bool WildCardFanOut { get; }

    public override string ToString() =>
        $"ActorSelectionMessage - Message: {Message} - Elements: {string.Join<SelectionPathElement>('/', Elements)}";
}
