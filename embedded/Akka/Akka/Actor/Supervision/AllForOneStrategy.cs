using Akka.Dispatch.SysMsg;

namespace Akka.Actor;

/// <summary>A failure of one child concerns all of them.</summary>
public class AllForOneStrategy : SupervisorStrategy
{
    public AllForOneStrategy(int? maxNrOfRetries, TimeSpan? withinTimeRange,
        Func<Exception, Directive> localOnlyDecider)
        : this(maxNrOfRetries ?? -1, MillisecondsOf(withinTimeRange), localOnlyDecider)
    {
    }

    public AllForOneStrategy(int? maxNrOfRetries, TimeSpan? withinTimeRange, IDecider decider)
        : this(maxNrOfRetries ?? -1, MillisecondsOf(withinTimeRange), decider)
    {
    }

    public AllForOneStrategy(int maxNrOfRetries, int withinTimeMilliseconds,
        Func<Exception, Directive> localOnlyDecider, bool loggingEnabled = true)
        : this(maxNrOfRetries, withinTimeMilliseconds, new LocalOnlyDecider(localOnlyDecider), loggingEnabled)
    {
    }

    /// <param name="maxNrOfRetries">Restarts within the time before the child is stopped; negative is any
    /// number.</param>
    /// <param name="withinTimeMilliseconds">The time in which restarts count; negative is for ever.</param>
    /// <param name="decider">Decides by the exception.</param>
    /// <param name="loggingEnabled">Whether failures are told to the event stream.</param>
    public AllForOneStrategy(int maxNrOfRetries, int withinTimeMilliseconds, IDecider decider,
        bool loggingEnabled = true)
        : base(maxNrOfRetries, withinTimeMilliseconds, loggingEnabled)
    {
        Decider = decider;
    }

    public AllForOneStrategy(Func<Exception, Directive> localOnlyDecider) : this(-1, -1, localOnlyDecider)
    {
    }

    public AllForOneStrategy(IDecider decider) : this(-1, -1, decider)
    {
    }

    protected AllForOneStrategy() : this(DefaultDecider)
    {
    }

    public override IDecider Decider { get; }

    public int MaxNumberOfRetries => MaxRetries;

    public int WithinTimeRangeMilliseconds => WindowMilliseconds;

    protected override Directive Handle(IActorRef child, Exception exception) => Decider.Decide(exception);

    internal override void Process(ActorCell supervisor, ChildRestartStats failed, Exception cause, bool restart)
    {
        var all = supervisor.Children.Stats;
        var permitted = restart && all.All(MayRestart);
        foreach (var child in all)
        {
            if (!permitted)
            {
                supervisor.Stop(child.Child);
                continue;
            }
            if (child != failed)
                child.Child.SendSystemMessage(new Suspend());
            child.Child.SendSystemMessage(new Recreate(cause));
        }
    }
}
