using Akka.Dispatch;
using Akka.Dispatch.SysMsg;
using Akka.Event;

namespace Akka.Actor;

/// <summary>The ref of an actor of this process: sending puts the message into its mailbox.</summary>
internal class LocalActorRef : InternalActorRefBase
{
    public LocalActorRef(Props props, MessageDispatcher dispatcher, IInternalActorRef parent, ActorPath path)
    {
        Path = path;
        Cell = new ActorCell(this, props, dispatcher, parent);
    }

    public override ActorPath Path { get; }

    public ActorCell Cell { get; }

    internal override IInternalActorRef ParentRef => Cell.Parent;

    internal override ActorSystemImpl SystemOrNull => Cell.SystemImpl;

    internal override IEnumerable<IInternalActorRef> ChildRefs => Cell.Children.Refs;

    internal override IInternalActorRef FindChild(string name)
    {
        var hash = name.IndexOf('#');
        var child = Cell.Children.Find(hash < 0 ? name : name[..hash]);
        return child == null || (hash >= 0 && child.Path.Uid.ToString() != name[(hash + 1)..])
            ? ActorRefs.Nobody : child;
    }

    internal override void HandleSystemMessage(SystemMessage message) => Cell.SendSystemMessage(message);

    protected override void TellInternal(object message, IActorRef sender)
    {
        if (message != null)
            Cell.Mailbox.Post(new Envelope(message, sender));
        else
            Cell.SystemImpl.EventStream.Publish(new Error(new InvalidMessageException(), Path.ToString(),
                typeof(LocalActorRef), "A null message was not sent."));
    }

    public override void Stop() => Cell.SendSystemMessage(new Terminate());
}
