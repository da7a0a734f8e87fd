using Akka.Actor;

namespace Flume.Actors;

/// <summary>Whom a view talks to.</summary>
/// <param name="Log">Says when there is news.</param>
/// <param name="Rebuilder">Builds fresh stores.</param>
/// <param name="Journal">Remembers across restarts.</param>
/// <param name="Identity">Is told of damage in the log.</param>
internal sealed record ViewCollaborators(IActorRef Log, IActorRef Rebuilder, IActorRef Journal, IActorRef Identity);
