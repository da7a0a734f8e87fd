using Akka.Dispatch.SysMsg;

namespace Akka.Actor;

/// <summary>An actor as the system sees it: part of a tree, and reachable by system messages.</summary>
internal interface IInternalActorRef : IActorRef
{
    IInternalActorRef Parent { get; }

    ActorSystemImpl System { get; }

    /// <summary>The child of that name, or Nobody.</summary>
    IInternalActorRef GetSingleChild(string name);

    IEnumerable<IInternalActorRef> Children { get; }

    void SendSystemMessage(SystemMessage message);

    void Stop();
}
