using Akka.Dispatch.SysMsg;

namespace Akka.Actor;

/// <summary>A failure concerns the child that failed alone.</summary>
public class OneForOneStrategy : SupervisorStrategy
{
    public OneForOneStrategy(int? maxNrOfRetries, TimeSpan? withinTimeRange,
        Func<Exception, Directive> localOnlyDecider)
        : this(maxNrOfRetries ?? -1, MillisecondsOf(withinTimeRange), localOnlyDecider)
    {
    }

    public OneForOneStrategy(int? maxNrOfRetries, TimeSpan? withinTimeRange, IDecider decider)
        : this(maxNrOfRetries ?? -1, MillisecondsOf(withinTimeRange), decider)
    {
    }

    public OneForOneStrategy(int maxNrOfRetries, int withinTimeMilliseconds,
        Func<Exception, Directive> localOnlyDecider, bool loggingEnabled = true)
        : this(maxNrOfRetries, withinTimeMilliseconds, new LocalOnlyDecider(localOnlyDecider), loggingEnabled)
    {
    }

    /// <param name="maxNrOfRetries">Restarts within the time before the child is stopped; negative is any
    /// number.</param>
    /// <param name="withinTimeMilliseconds">The time in which restarts count; negative is for ever.</param>
    /// <param name="decider">Decides by the exception.</param>
    /// <param name="loggingEnabled">Whether failures are told to the event stream.</param>
    public OneForOneStrategy(int maxNrOfRetries, int withinTimeMilliseconds, IDecider decider,
        bool loggingEnabled = true)
        : base(maxNrOfRetries, withinTimeMilliseconds, loggingEnabled)
    {
        Decider = decider;
    }

    public OneForOneStrategy(Func<Exception, Directive> localOnlyDecider) : this(-1, -1, localOnlyDecider)
    {
    }

    public OneForOneStrategy(Func<Exception, Directive> localOnlyDecider, bool loggingEnabled = true)
        : this(-1, -1, localOnlyDecider, loggingEnabled)
    {
    }

    public OneForOneStrategy(IDecider decider) : this(-1, -1, decider)
    {
    }

    protected OneForOneStrategy() : this(DefaultDecider)
    {
    }

    public override IDecider Decider { get; }

    public int MaxNumberOfRetries => MaxRetries;

    public int WithinTimeRangeMilliseconds => WindowMilliseconds;

    protected override Directive Handle(IActorRef child, Exception exception) => Decider.Decide(exception);

    public OneForOneStrategy WithMaxNrOfRetries(int maxNrOfRetries) =>
        new(maxNrOfRetries, WithinTimeRangeMilliseconds, Decider, LoggingEnabled);

    internal override void Process(ActorCell supervisor, ChildRestartStats failed, Exception cause, bool restart)
    {
        if (restart && MayRestart(failed))
            failed.Child.SendSystemMessage(new Recreate(cause));
        else
            supervisor.Stop(failed.Child);
    }
}
