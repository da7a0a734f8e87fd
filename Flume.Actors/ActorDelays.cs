using Akka.Actor;

namespace Flume.Actors;

/// <summary>Messages after delays that are shorter than a tick of Akka's scheduler.</summary>
/// <remarks>
/// Akka's timers have the resolution of akka.scheduler.tick-duration. Each tick wakes the process, so flume.conf makes
/// ticks long.
/// </remarks>
internal static class ActorDelays
{
    /// <summary>
    /// Sends <paramref name="message"/> when <paramref name="delay"/> has passed. It can't be cancelled: the receiver
    /// recognizes a message that came too late.
    /// </summary>
    public static void TellAfter(this IActorRef receiver, TimeSpan delay, object message, TimeProvider time) =>
        Task.Delay(delay, time).ContinueWith(
            _ => receiver.Tell(message, ActorRefs.NoSender), CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
}
