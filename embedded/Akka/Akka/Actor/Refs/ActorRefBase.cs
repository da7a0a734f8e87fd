using Akka.Dispatch.SysMsg;

namespace Akka.Actor;

/// <summary>Equality, order and text of all refs.</summary>
public abstract class ActorRefBase : IActorRef
{
    public abstract ActorPath Path { get; }

    public void Tell(object message, IActorRef sender) => TellInternal(message, sender);

    protected abstract void TellInternal(object message, IActorRef sender);

    public bool Equals(IActorRef other) =>
        other is not null && (ReferenceEquals(this, other) || (Path.Uid == other.Path.Uid && Path.Equals(other.Path)));

    public override bool Equals(object obj) => Equals(obj as IActorRef);

    public override int GetHashCode() => HashCode.Combine(Path.Uid, Path);

    public int CompareTo(IActorRef other)
    {
        if (other is null)
            return 1;
        var byPath = Path.CompareTo(other.Path);
        return byPath != 0 ? byPath : Path.Uid.CompareTo(other.Path.Uid);
    }

    public int CompareTo(object obj) => obj switch
    {
        null => 1,
        IActorRef other => CompareTo(other),
        _ => throw new ArgumentException($"Can not compare an actor with a {obj.GetType()}.", nameof(obj)),
    };

    public override string ToString() => "[" + Path.ToStringWithUid() + "]";
}

/// <summary>A ref that takes part in the tree and in death watch.</summary>
public abstract class InternalActorRefBase : ActorRefBase, IInternalActorRef
{
    internal InternalActorRefBase()
    {
    }

    IInternalActorRef IInternalActorRef.Parent => ParentRef;

    ActorSystemImpl IInternalActorRef.System => SystemOrNull;

    IEnumerable<IInternalActorRef> IInternalActorRef.Children => ChildRefs;

    internal abstract IInternalActorRef ParentRef { get; }

    internal abstract ActorSystemImpl SystemOrNull { get; }

    internal virtual IEnumerable<IInternalActorRef> ChildRefs => [];

    IInternalActorRef IInternalActorRef.GetSingleChild(string name) => FindChild(name);

    void IInternalActorRef.SendSystemMessage(SystemMessage message) => HandleSystemMessage(message);

    internal virtual IInternalActorRef FindChild(string name) => ActorRefs.Nobody;

    internal abstract void HandleSystemMessage(SystemMessage message);

    public abstract void Stop();
}

/// <summary>A ref with no actor behind it.</summary>
public abstract class MinimalActorRef : InternalActorRefBase
{
    internal MinimalActorRef()
    {
    }

    internal override IInternalActorRef ParentRef => ActorRefs.Nobody;

    internal override ActorSystemImpl SystemOrNull => null;

    protected override void TellInternal(object message, IActorRef sender)
    {
    }

    internal override void HandleSystemMessage(SystemMessage message)
    {
    }

    public override void Stop()
    {
    }
}

/// <summary>The actor that never was.</summary>
public sealed class Nobody : MinimalActorRef
{
    public static Nobody Instance = new();

    private readonly ActorPath _path = new RootActorPath(Address.AllSystems, "/Nobody");

    private Nobody()
    {
    }

    public override ActorPath Path => _path;
}
