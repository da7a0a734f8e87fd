using Akka.Actor;

namespace Akka.Pattern;

/// <summary>
/// Starts its child again, after a pause, when the strategy says restart. A child that ends otherwise takes it along.
/// </summary>
internal sealed class BackoffOnRestartSupervisor : BackoffSupervisorBase
{
    private readonly BackoffPauses _pauses;
    private readonly OneForOneStrategy _strategy;

    public BackoffOnRestartSupervisor(BackoffSettings settings)
        : base(settings.ChildProps, settings.ChildName, settings.Reset, settings.ReplyWhileStopped,
            settings.FinalStopMessage)
    {
        _pauses = settings.Pauses;
        _strategy = settings.Strategy;
    }

    protected override SupervisorStrategy SupervisorStrategy() =>
        new OneForOneStrategy(_strategy.MaxNumberOfRetries, _strategy.WithinTimeRangeMilliseconds, Decide);

    protected override bool Receive(object message)
    {
        if (message is not Terminated ended || !ended.ActorRef.Equals(Child))
            return HandleBackoff(message);
        Context.Stop(Self);
        return true;
    }

    private Directive Decide(Exception cause)
    {
        var directive = _strategy.Decider.Decide(cause);
        if (directive != Directive.Restart)
            return directive;
        if (_strategy.WithinTimeRangeMilliseconds > 0 && RestartCountN == 0)
            Context.System.Scheduler.ScheduleTellOnce(TimeSpan.FromMilliseconds(_strategy.WithinTimeRangeMilliseconds),
                Self, new BackoffSupervisor.ResetRestartCount(RestartCountN), Self);
        if (_strategy.MaxNumberOfRetries >= 0 && RestartCountN + 1 > _strategy.MaxNumberOfRetries)
            Context.Stop(Self);
        else
            Become(WaitingForEndOf(Sender));
        return Directive.Stop;
    }

    private Receive WaitingForEndOf(IActorRef child) => message =>
    {
        switch (message)
        {
            case Terminated ended when ended.ActorRef.Equals(child):
                Become(Receive);
                StartChildLater(_pauses);
                return true;
            case BackoffSupervisor.StartChild:
                return true;
            default:
                return HandleBackoff(message);
        }
    };
}
