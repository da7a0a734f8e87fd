using Akka.Actor;
using Akka.Event;

namespace Akka.Pattern;

/// <summary>Starts its child again, after a pause, whenever it ended.</summary>
public sealed class BackoffSupervisor : BackoffSupervisorBase
{
    private readonly BackoffPauses _pauses;
    private readonly SupervisorStrategy _strategy;

    public BackoffSupervisor(Props childProps, string childName, TimeSpan minBackoff, TimeSpan maxBackoff,
        double randomFactor)
        : this(childProps, childName, minBackoff, maxBackoff, new AutoReset(minBackoff), randomFactor,
            Actor.SupervisorStrategy.DefaultStrategy)
    {
    }

    public BackoffSupervisor(Props childProps, string childName, TimeSpan minBackoff, TimeSpan maxBackoff,
        IBackoffReset reset, double randomFactor, SupervisorStrategy strategy, object replyWhileStopped = null,
        Func<object, bool> finalStopMessage = null)
        : base(childProps, childName, reset, replyWhileStopped, finalStopMessage)
    {
        _pauses = new BackoffPauses(minBackoff, maxBackoff, randomFactor);
        _strategy = strategy;
    }

    /// <summary>Props of a supervisor by options.</summary>
    public static Props Props(BackoffOptions options) => options.Props;

    /// <summary>Props of a supervisor that starts its child again any number of times.</summary>
    public static Props Props(Props childProps, string childName, TimeSpan minBackoff, TimeSpan maxBackoff,
        double randomFactor) =>
        PropsWithSupervisorStrategy(childProps, childName, minBackoff, maxBackoff, randomFactor,
            Actor.SupervisorStrategy.DefaultStrategy);

    /// <summary>Props of a supervisor that ends after that many starts.</summary>
    public static Props Props(Props childProps, string childName, TimeSpan minBackoff, TimeSpan maxBackoff,
        double randomFactor, int maxNrOfRetries) =>
        PropsWithSupervisorStrategy(childProps, childName, minBackoff, maxBackoff, randomFactor,
            ((OneForOneStrategy)Actor.SupervisorStrategy.DefaultStrategy).WithMaxNrOfRetries(maxNrOfRetries));

    /// <summary>Props of a supervisor that decides by the strategy what becomes of a child that failed.</summary>
    public static Props PropsWithSupervisorStrategy(Props childProps, string childName, TimeSpan minBackoff,
        TimeSpan maxBackoff, double randomFactor, SupervisorStrategy strategy) =>
        Actor.Props.Create(typeof(BackoffSupervisor), childProps, childName, minBackoff, maxBackoff,
            new AutoReset(minBackoff), randomFactor, strategy, null, null);

    protected override SupervisorStrategy SupervisorStrategy() => _strategy;

    protected override bool Receive(object message) => OnTerminated(message) || HandleBackoff(message);

    private bool OnTerminated(object message)
    {
        if (message is not Terminated ended || !ended.ActorRef.Equals(Child))
            return false;
        Child = null;
        var retriesMax = (_strategy as OneForOneStrategy)?.MaxNumberOfRetries ?? -1;
        if (FinalStopMessageReceived || (retriesMax != -1 && RestartCountN >= retriesMax))
            Context.Stop(Self);
        else
            StartChildLater(_pauses);
        return true;
    }

    /// <summary>Asks for the child.</summary>
    public sealed class GetCurrentChild
    {
        public static readonly GetCurrentChild Instance = new();

        private GetCurrentChild()
        {
        }
    }

    /// <summary>The answer: the child, or null while a pause lasts.</summary>
    public sealed class CurrentChild
    {
        public CurrentChild(IActorRef @ref)
        {
            Ref = @ref;
        }

        public IActorRef Ref { get; }
    }

    /// <summary>Sets the count of starts to zero, if the supervisor was made so.</summary>
    public new sealed class Reset
    {
        public static readonly Reset Instance = new();

        private Reset()
        {
        }
    }

    /// <summary>Asks for the count of starts.</summary>
    public sealed class GetRestartCount
    {
        public static readonly GetRestartCount Instance = new();

        private GetRestartCount()
        {
        }
    }

    /// <summary>The answer: starts since the count was last at zero.</summary>
    public sealed class RestartCount
    {
        public RestartCount(int count)
        {
            Count = count;
        }

        public int Count { get; }
    }

    /// <summary>The pause is over.</summary>
    public sealed class StartChild : IDeadLetterSuppression
    {
        public static readonly StartChild Instance = new();

        private StartChild()
        {
        }
    }

    /// <summary>The child has lived long enough, unless it was started since.</summary>
    public sealed class ResetRestartCount : IDeadLetterSuppression
    {
        public ResetRestartCount(int current)
        {
            Current = current;
        }

        public int Current { get; }
    }
}
