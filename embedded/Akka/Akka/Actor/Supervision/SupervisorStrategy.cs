using Akka.Event;

namespace Akka.Actor;

/// <summary>How an actor deals with the failures of its children.</summary>
public abstract class SupervisorStrategy
{
    /// <summary>Restarts, but stops what could not be made, was killed, or ended by a death pact.</summary>
    public static IDecider DefaultDecider = Actor.Decider.From(Directive.Restart,
        Directive.Stop.When<ActorInitializationException>(), Directive.Stop.When<ActorKilledException>(),
        Directive.Stop.When<DeathPactException>());

    /// <summary>One for one, any number of times, by the default decider.</summary>
    public static readonly SupervisorStrategy DefaultStrategy = new OneForOneStrategy(DefaultDecider);

    /// <summary>Stops whatever fails.</summary>
    public static readonly OneForOneStrategy StoppingStrategy = new(static _ => Directive.Stop);

    internal SupervisorStrategy(int maxNrOfRetries, int withinTimeMilliseconds, bool loggingEnabled)
    {
        MaxRetries = maxNrOfRetries;
        WindowMilliseconds = withinTimeMilliseconds;
        LoggingEnabled = loggingEnabled;
    }

    public abstract IDecider Decider { get; }

    protected bool LoggingEnabled { get; set; }

    internal int MaxRetries { get; }

    internal int WindowMilliseconds { get; }

    protected abstract Directive Handle(IActorRef child, Exception exception);

    /// <summary>Says what happened, to the event stream.</summary>
    protected virtual void LogFailure(IActorContext context, IActorRef child, Exception cause, Directive directive)
    {
        if (!LoggingEnabled || directive == Directive.Escalate)
            return;
        var told = cause is ActorInitializationException { InnerException: { } inner } ? inner : cause;
        context.System.EventStream.Publish(directive == Directive.Resume
            ? new Warning(cause, child.Path.ToString(), GetType(), told.Message)
            : new Error(cause, child.Path.ToString(), GetType(), told.Message));
    }

    /// <summary>Deals with a failure; false to escalate it.</summary>
    internal bool HandleFailure(ActorCell supervisor, ChildRestartStats child, Exception cause)
    {
        var directive = Handle(child.Child, cause);
        LogFailure(supervisor, child.Child, cause, directive);
        switch (directive)
        {
            case Directive.Resume:
                child.Child.SendSystemMessage(new Dispatch.SysMsg.Resume(cause));
                return true;
            case Directive.Restart:
                Process(supervisor, child, cause, restart: true);
                return true;
            case Directive.Stop:
                Process(supervisor, child, cause, restart: false);
                return true;
            default:
                return false;
        }
    }

    internal abstract void Process(ActorCell supervisor, ChildRestartStats failed, Exception cause, bool restart);

    internal bool MayRestart(ChildRestartStats child) => child.RequestRestartPermission(MaxRetries, WindowMilliseconds);

    internal static int MillisecondsOf(TimeSpan? time) =>
        (int)time.GetValueOrDefault(Timeout.InfiniteTimeSpan).TotalMilliseconds;
}
