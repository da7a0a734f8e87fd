namespace Akka.Actor;

/// <summary>Stopping an actor and awaiting its end.</summary>
public static class GracefulStopSupport
{
    /// <summary>
    /// Sends a <see cref="PoisonPill"/> and awaits the end; false if it did not come within the timeout.
    /// </summary>
    public static Task<bool> GracefulStop(this IActorRef target, TimeSpan timeout) =>
        target.GracefulStop(timeout, PoisonPill.Instance);

    /// <summary>
    /// Sends a message that makes the actor stop and awaits the end; false if it did not come within the timeout.
    /// </summary>
    public static async Task<bool> GracefulStop(this IActorRef target, TimeSpan timeout, object stopMessage)
    {
        using var limit = new CancellationTokenSource(timeout);
        var watcher = new DeathWatchRef((IInternalActorRef)target);
        target.Tell(stopMessage, ActorRefs.NoSender);
        return await watcher.WaitAsync(limit.Token).ConfigureAwait(false);
    }
}

/// <summary>Awaiting the end of an actor.</summary>
public static class WatchAsyncSupport
{
    /// <summary>True once the actor has ended; false when the token was cancelled first.</summary>
    public static Task<bool> WatchAsync(this IActorRef target, CancellationToken token = default) =>
        new DeathWatchRef((IInternalActorRef)target).WaitAsync(token);
}
