using Akka.Actor;

namespace Flume.Actors;

/// <summary>The actors that a view sends messages to.</summary>
/// <param name="Log">Notifies the view of head changes.</param>
/// <param name="Rebuilder">Builds fresh stores.</param>
/// <param name="Journal">Stores operator state across restarts.</param>
/// <param name="Identity">Receives reports of damage in the log.</param>
internal sealed record ViewCollaborators(IActorRef Log, IActorRef Rebuilder, IActorRef Journal, IActorRef Identity);
