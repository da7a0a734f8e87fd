using Akka.Actor;

namespace Akka.Pattern;

/// <summary>Starts its child again, after a pause, when the strategy says restart. A child that ends otherwise takes it along.</summary>
internal sealed class BackoffOnRestartSupervisor : BackoffSupervisorBase
{
    private readonly TimeSpan _minBackoff;
    private readonly TimeSpan _maxBackoff;
    private readonly double _randomFactor;
    private readonly OneForOneStrategy _strategy;

    public BackoffOnRestartSupervisor(Props childProps, string childName, TimeSpan minBackoff, TimeSpan maxBackoff,
        IBackoffReset reset, double randomFactor, OneForOneStrategy strategy, object replyWhileStopped,
        Func<object, bool> finalStopMessage)
        : base(childProps, childName, reset, replyWhileStopped, finalStopMessage)
    {
        _minBackoff = minBackoff;
        _maxBackoff = maxBackoff;
        _randomFactor = randomFactor;
        _strategy = strategy;
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
            Context.System.Scheduler.ScheduleTellOnce(TimeSpan.FromMilliseconds(_strategy.WithinTimeRangeMilliseconds), Self,
                new BackoffSupervisor.ResetRestartCount(RestartCountN), Self);
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
                StartChildLater(_minBackoff, _maxBackoff, _randomFactor);
                return true;
            case BackoffSupervisor.StartChild:
                return true;
            default:
                return HandleBackoff(message);
        }
    };
}
