using Akka.Actor;

namespace Akka.Pattern;

/// <summary>Starts a child again after a pause that doubles with each time.</summary>
public static class Backoff
{
    /// <summary>
    /// Options for a child that is restarted by the pause when its supervisor would restart it at once.
    /// </summary>
    /// <param name="childProps">The child.</param>
    /// <param name="childName">Its name.</param>
    /// <param name="minBackoff">The first pause.</param>
    /// <param name="maxBackoff">The longest pause.</param>
    /// <param name="randomFactor">By how much a pause may grow at random; 0.2 is up to 20 %.</param>
    /// <param name="maxNrOfRetries">Starts after which the supervisor ends; -1 is any number.</param>
    public static BackoffOptions OnFailure(Props childProps, string childName, TimeSpan minBackoff, TimeSpan maxBackoff,
        double randomFactor, int maxNrOfRetries) =>
        new BackoffSettings(childProps, childName, new BackoffPauses(minBackoff, maxBackoff, randomFactor), onStop: false)
            .WithMaxNrOfRetries(maxNrOfRetries);

    /// <summary>Options for a child that is started again whenever it ended, for whatever reason.</summary>
    /// <param name="childProps">The child.</param>
    /// <param name="childName">Its name.</param>
    /// <param name="minBackoff">The first pause.</param>
    /// <param name="maxBackoff">The longest pause.</param>
    /// <param name="randomFactor">By how much a pause may grow at random; 0.2 is up to 20 %.</param>
    /// <param name="maxNrOfRetries">Starts after which the supervisor ends; -1 is any number.</param>
    public static BackoffOptions OnStop(Props childProps, string childName, TimeSpan minBackoff, TimeSpan maxBackoff,
        double randomFactor, int maxNrOfRetries) =>
        new BackoffSettings(childProps, childName, new BackoffPauses(minBackoff, maxBackoff, randomFactor), onStop: true)
            .WithMaxNrOfRetries(maxNrOfRetries);
}

/// <summary>When the count of starts goes back to zero.</summary>
public interface IBackoffReset
{
}

/// <summary>When it is told to.</summary>
internal sealed class ManualReset : IBackoffReset;

/// <summary>When the child has lived for that long.</summary>
internal sealed class AutoReset(TimeSpan resetBackoff) : IBackoffReset
{
    public TimeSpan ResetBackoff { get; } = resetBackoff;
}
