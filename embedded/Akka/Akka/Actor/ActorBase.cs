using Akka.Event;

namespace Akka.Actor;

/// <summary>The root of all actors.</summary>
/// <remarks>
/// 1. Made by the system alone, through <see cref="Props"/>; at most one of its methods runs at a time.
/// 2. A restart replaces the instance; the ref, the mailbox and the stash live on.
/// </remarks>
public abstract class ActorBase
{
    private readonly ActorCell _cell;

    protected ActorBase()
    {
        _cell = ActorCell.Current ?? throw new ActorInitializationException(
            $"Could not make a {GetType()}: actors are made by the system alone. Use ActorOf with Props.Create.");
        _cell.Become(Receive);
    }

    /// <exception cref="NotSupportedException">Called from a thread on which the actor does not run.</exception>
    protected static IActorContext Context => ActorCell.Current ?? throw new NotSupportedException(
        "There is no active ActorContext, this is most likely due to use of async operations from within this actor.");

    /// <exception cref="NotSupportedException">Called from a thread on which the actor does not run.</exception>
    protected IActorRef Self => IsCleared ? _cell.System.DeadLetters : Context.Self;

    protected IActorRef Sender => Context.Sender;

    protected static Receive EmptyReceive => static _ => false;

    internal SupervisorStrategy Strategy => field ??= _cell.Props.SupervisorStrategy ?? SupervisorStrategy();

    /// <summary>Whether this instance was replaced or has ended.</summary>
    internal bool IsCleared { get; set; }

    /// <summary>Called once the constructors have run.</summary>
    internal virtual void OnIncarnated()
    {
    }

    public virtual void AroundPreStart() => PreStart();

    public virtual void AroundPostStop()
    {
        (this as IWithTimers)?.Timers?.CancelAll();
        PostStop();
    }

    public virtual void AroundPreRestart(Exception cause, object message)
    {
        (this as IWithTimers)?.Timers?.CancelAll();
        PreRestart(cause, message);
    }

    public virtual void AroundPostRestart(Exception cause, object message) => PostRestart(cause);

    /// <summary>
    /// Handles a message by the behaviour; timers' messages are unwrapped, those of an old incarnation dropped.
    /// </summary>
    protected internal virtual bool AroundReceive(Receive receive, object message)
    {
        if (message is TimerMessage timed && !TimerScheduler.TryUnwrap(this, _cell, timed, out message))
            return true;
        if (receive(message))
            return true;
        Unhandled(message);
        return false;
    }

    /// <summary>The first behaviour.</summary>
    protected abstract bool Receive(object message);

    /// <summary>Called before the first message.</summary>
    protected virtual void PreStart()
    {
    }

    /// <summary>Called after the last message, also of an instance that a restart replaces.</summary>
    protected virtual void PostStop()
    {
    }

    /// <summary>
    /// Called on the instance that a restart replaces: stops the children, then calls <see cref="PostStop"/>.
    /// </summary>
    protected virtual void PreRestart(Exception reason, object message)
    {
        foreach (var child in _cell.Children.Refs)
        {
            _cell.Unwatch(child);
            _cell.Stop(child);
        }
        PostStop();
    }

    /// <summary>Called on the fresh instance of a restart: calls <see cref="PreStart"/>.</summary>
    protected virtual void PostRestart(Exception reason) => PreStart();

    /// <summary>How failures of children are dealt with.</summary>
    protected virtual SupervisorStrategy SupervisorStrategy() => Actor.SupervisorStrategy.DefaultStrategy;

    /// <summary>
    /// Called for a message that the behaviour does not handle: publishes an <see cref="UnhandledMessage"/>.
    /// </summary>
    /// <exception cref="DeathPactException">The message is a <see cref="Terminated"/>.</exception>
    protected virtual void Unhandled(object message)
    {
        if (message is Terminated terminated)
            throw new DeathPactException(terminated.ActorRef);
        Context.System.EventStream.Publish(new UnhandledMessage(message, Sender, Self));
    }

    protected void Become(Receive receive) => Context.Become(receive);

    protected void BecomeStacked(Receive receive) => Context.BecomeStacked(receive);

    protected void UnbecomeStacked() => Context.UnbecomeStacked();

    protected void SetReceiveTimeout(TimeSpan? timeout) => Context.SetReceiveTimeout(timeout);
}
