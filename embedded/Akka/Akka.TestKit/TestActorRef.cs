using Akka.Actor;

namespace Akka.TestKit;

/// <summary>
/// The ref of an actor that works on the thread of the test, and whose instance the test can look into.
/// </summary>
public abstract class TestActorRefBase<TActor> : IActorRef, IInternalActorRef where TActor : ActorBase
{
    private static int s_number;

    private readonly LocalActorRef _ref;

    protected TestActorRefBase(ActorSystem system, Props actorProps, IActorRef supervisor = null, string name = null)
    {
        var props = actorProps.WithDispatcher(CallingThreadDispatcher.Id);
        var parent = (LocalActorRef)supervisor ?? ((ActorSystemImpl)system).Root.User;
        _ref = (LocalActorRef)parent.Cell.ActorOf(props, name ?? $"testActorRef-{Interlocked.Increment(ref s_number)}");
    }

    public IActorRef Ref => _ref;

    public ActorPath Path => _ref.Path;

    /// <summary>The instance that handles messages at present.</summary>
    public TActor UnderlyingActor => (TActor)_ref.Cell.Actor ?? throw new IllegalActorStateException(
        $"There is no instance of {typeof(TActor)} at {Path}: it failed to be made, or has ended.");

    IInternalActorRef IInternalActorRef.Parent => _ref.Cell.Parent;

    ActorSystemImpl IInternalActorRef.System => _ref.Cell.SystemImpl;

    IEnumerable<IInternalActorRef> IInternalActorRef.Children => _ref.Cell.Children.Refs;

    /// <summary>Lets the behaviour handle a message at once; what it throws comes out here.</summary>
    public void Receive(object message, IActorRef sender = null)
    {
        var cell = _ref.Cell;
        cell.UseThreadContext(() =>
        {
            cell.CurrentMessage = message;
            cell.Sender = sender ?? cell.SystemImpl.DeadLetters;
            try
            {
                cell.ReceiveMessage(message);
            }
            finally
            {
                cell.CurrentMessage = null;
                cell.Sender = cell.SystemImpl.DeadLetters;
            }
        });
    }

    public void Tell(object message) => _ref.Tell(message, ActorCell.Current?.Self);

    public void Tell(object message, IActorRef sender) => _ref.Tell(message, sender);

    public void Forward(object message) => _ref.Forward(message);

    public void Watch(IActorRef subject) => _ref.Cell.Watch(subject);

    public void Unwatch(IActorRef subject) => _ref.Cell.Unwatch(subject);

    IInternalActorRef IInternalActorRef.GetSingleChild(string name) => ((IInternalActorRef)_ref).GetSingleChild(name);

    void IInternalActorRef.SendSystemMessage(Dispatch.SysMsg.SystemMessage message) =>
        _ref.Cell.SendSystemMessage(message);

    void IInternalActorRef.Stop() => _ref.Stop();

    public bool Equals(IActorRef other) => _ref.Equals(other);

    public override bool Equals(object obj) => _ref.Equals(obj);

    public override int GetHashCode() => _ref.GetHashCode();

    public int CompareTo(object obj) => _ref.CompareTo(obj);

    int IComparable<IActorRef>.CompareTo(IActorRef other) => _ref.CompareTo(other);

    public override string ToString() => _ref.ToString();
}

/// <summary>The ref of an actor that works on the thread of the test.</summary>
public class TestActorRef<TActor> : TestActorRefBase<TActor> where TActor : ActorBase
{
    public TestActorRef(ActorSystem system, Props actorProps, IActorRef supervisor = null, string name = null)
        : base(system, actorProps, supervisor, name)
    {
    }
}
