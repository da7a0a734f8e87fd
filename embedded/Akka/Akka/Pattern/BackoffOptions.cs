using Akka.Actor;

namespace Akka.Pattern;

/// <summary>How a child is started again. Immutable: each With... makes new ones.</summary>
public abstract class BackoffOptions
{
    internal abstract Props Props { get; }

    /// <summary>
    /// Counts from zero again when a child has lived for that long. This is so, with the shortest pause, unless said
    /// otherwise.
    /// </summary>
    public abstract BackoffOptions WithAutoReset(TimeSpan resetBackoff);

    /// <summary>Counts from zero again when the supervisor is sent a <see cref="BackoffSupervisor.Reset"/>.</summary>
    public abstract BackoffOptions WithManualReset();

    /// <summary>Decides by this what becomes of a child that failed. Its limit of retries counts too.</summary>
    public abstract BackoffOptions WithSupervisorStrategy(OneForOneStrategy supervisorStrategy);

    /// <summary>Stops a child that failed, whatever the failure.</summary>
    public abstract BackoffOptions WithDefaultStoppingStrategy();

    /// <summary>Ends the supervisor after that many starts; -1 is any number.</summary>
    public abstract BackoffOptions WithMaxNrOfRetries(int maxNrOfRetries);

    /// <summary>
    /// Answers with this while there is no child; without it, messages become dead letters meanwhile.
    /// </summary>
    public abstract BackoffOptions WithReplyWhileStopped(object replyWhileStopped);

    /// <summary>Lets the supervisor end with a child that ends after such a message.</summary>
    public abstract BackoffOptions WithFinalStopMessage(Func<object, bool> isFinalStopMessage);
}

/// <summary>The options as they are set.</summary>
internal sealed class BackoffSettings(Props childProps, string childName, BackoffPauses pauses, bool onStop)
    : BackoffOptions
{
    public Props ChildProps => childProps;

    public string ChildName => childName;

    public BackoffPauses Pauses => pauses;

    public IBackoffReset Reset { get; private set; } = new AutoReset(pauses.Min);

    public OneForOneStrategy Strategy { get; private set; } = new(SupervisorStrategy.DefaultDecider);

    public object ReplyWhileStopped { get; private set; }

    public Func<object, bool> FinalStopMessage { get; private set; }

    internal override Props Props
    {
        get
        {
            pauses.Check();
            return onStop
                ? Props.Create(typeof(BackoffSupervisor), childProps, childName, pauses.Min, pauses.Max, Reset,
                    pauses.RandomFactor, Strategy, ReplyWhileStopped, FinalStopMessage)
                : Props.Create(typeof(BackoffOnRestartSupervisor), this);
        }
    }

    public override BackoffOptions WithAutoReset(TimeSpan resetBackoff) =>
        With(s => s.Reset = new AutoReset(resetBackoff));

    public override BackoffOptions WithManualReset() => With(s => s.Reset = new ManualReset());

    public override BackoffOptions WithSupervisorStrategy(OneForOneStrategy supervisorStrategy) =>
        With(s => s.Strategy = supervisorStrategy);

    public override BackoffOptions WithDefaultStoppingStrategy() => With(s => s.Strategy =
        new OneForOneStrategy(Strategy.MaxNumberOfRetries, null, SupervisorStrategy.StoppingStrategy.Decider));

    public override BackoffOptions WithMaxNrOfRetries(int maxNrOfRetries) =>
        With(s => s.Strategy = Strategy.WithMaxNrOfRetries(maxNrOfRetries));

    public override BackoffOptions WithReplyWhileStopped(object replyWhileStopped) =>
        With(s => s.ReplyWhileStopped = replyWhileStopped);

    public override BackoffOptions WithFinalStopMessage(Func<object, bool> isFinalStopMessage) =>
        With(s => s.FinalStopMessage = isFinalStopMessage);

    private BackoffSettings With(Action<BackoffSettings> change)
    {
        var copy = (BackoffSettings)MemberwiseClone();
        change(copy);
        return copy;
    }
}
