using Akka.Actor;

namespace Akka.Pattern;

/// <summary>How a child is started again. Immutable: each With... makes new ones.</summary>
public abstract class BackoffOptions
{
    internal abstract Props Props { get; }

    /// <summary>Counts from zero again when a child has lived for that long. This is so, with the shortest pause, unless said otherwise.</summary>
    public abstract BackoffOptions WithAutoReset(TimeSpan resetBackoff);

    /// <summary>Counts from zero again when the supervisor is sent a <see cref="BackoffSupervisor.Reset"/>.</summary>
    public abstract BackoffOptions WithManualReset();

    /// <summary>Decides by this what becomes of a child that failed. Its limit of retries counts too.</summary>
    public abstract BackoffOptions WithSupervisorStrategy(OneForOneStrategy supervisorStrategy);

    /// <summary>Stops a child that failed, whatever the failure.</summary>
    public abstract BackoffOptions WithDefaultStoppingStrategy();

    /// <summary>Ends the supervisor after that many starts; -1 is any number.</summary>
    public abstract BackoffOptions WithMaxNrOfRetries(int maxNrOfRetries);

    /// <summary>Answers with this while there is no child; without it, messages become dead letters meanwhile.</summary>
    public abstract BackoffOptions WithReplyWhileStopped(object replyWhileStopped);

    /// <summary>Lets the supervisor end with a child that ends after such a message.</summary>
    public abstract BackoffOptions WithFinalStopMessage(Func<object, bool> isFinalStopMessage);
}

/// <summary>The options as they are set.</summary>
internal sealed class BackoffSettings(bool onStop, Props childProps, string childName, TimeSpan minBackoff, TimeSpan maxBackoff,
    double randomFactor) : BackoffOptions
{
    private IBackoffReset _reset = new AutoReset(minBackoff);
    private OneForOneStrategy _strategy = new(SupervisorStrategy.DefaultDecider);
    private object _replyWhileStopped;
    private Func<object, bool> _isFinalStopMessage;

    internal override Props Props
    {
        get
        {
            if (minBackoff <= TimeSpan.Zero)
                throw new ArgumentException($"The shortest pause is {minBackoff}; it must be longer than zero.");
            if (maxBackoff < minBackoff)
                throw new ArgumentException($"The longest pause, {maxBackoff}, is shorter than the shortest, {minBackoff}.");
            if (randomFactor is < 0.0 or > 1.0)
                throw new ArgumentException($"The random factor is {randomFactor}; it must be from 0 to 1.");
            return Props.Create(onStop ? typeof(BackoffSupervisor) : typeof(BackoffOnRestartSupervisor), childProps, childName,
                minBackoff, maxBackoff, _reset, randomFactor, _strategy, _replyWhileStopped, _isFinalStopMessage);
        }
    }

    public override BackoffOptions WithAutoReset(TimeSpan resetBackoff) => With(s => s._reset = new AutoReset(resetBackoff));

    public override BackoffOptions WithManualReset() => With(s => s._reset = new ManualReset());

    public override BackoffOptions WithSupervisorStrategy(OneForOneStrategy supervisorStrategy) =>
        With(s => s._strategy = supervisorStrategy);

    public override BackoffOptions WithDefaultStoppingStrategy() => With(s => s._strategy =
        new OneForOneStrategy(_strategy.MaxNumberOfRetries, null, SupervisorStrategy.StoppingStrategy.Decider));

    public override BackoffOptions WithMaxNrOfRetries(int maxNrOfRetries) =>
        With(s => s._strategy = _strategy.WithMaxNrOfRetries(maxNrOfRetries));

    public override BackoffOptions WithReplyWhileStopped(object replyWhileStopped) =>
        With(s => s._replyWhileStopped = replyWhileStopped);

    public override BackoffOptions WithFinalStopMessage(Func<object, bool> isFinalStopMessage) =>
        With(s => s._isFinalStopMessage = isFinalStopMessage);

    private BackoffSettings With(Action<BackoffSettings> change)
    {
        var copy = (BackoffSettings)MemberwiseClone();
        change(copy);
        return copy;
    }
}
