namespace Akka.Actor;

/// <summary>Asking: sending a message and awaiting the answer.</summary>
public static class Futures
{
    public static Task<object> Ask(this ICanTell self, object message, TimeSpan? timeout = null) =>
        self.Ask<object>(message, timeout, CancellationToken.None);

    public static Task<object> Ask(this ICanTell self, object message, CancellationToken cancellationToken) =>
        self.Ask<object>(message, null, cancellationToken);

    public static Task<object> Ask(this ICanTell self, object message, TimeSpan? timeout,
        CancellationToken cancellationToken) =>
        self.Ask<object>(message, timeout, cancellationToken);

    public static Task<T> Ask<T>(this ICanTell self, object message, TimeSpan? timeout = null) =>
        self.Ask<T>(message, timeout, CancellationToken.None);

    public static Task<T> Ask<T>(this ICanTell self, object message, CancellationToken cancellationToken) =>
        self.Ask<T>(message, null, cancellationToken);

    /// <summary>Sends the message and awaits an answer of type <typeparamref name="T"/>.</summary>
    /// <exception cref="AskTimeoutException">None came within the timeout (the configured one if null).</exception>
    /// <exception cref="ArgumentException">It is of another type.</exception>
    public static Task<T> Ask<T>(this ICanTell self, object message, TimeSpan? timeout,
        CancellationToken cancellationToken) =>
        self.Ask<T>(_ => message, timeout, cancellationToken);

    /// <summary>The same for a message that has to name who is to be answered.</summary>
    public static Task<T> Ask<T>(this ICanTell self, Func<IActorRef, object> messageFactory, TimeSpan? timeout,
        CancellationToken cancellationToken)
    {
        var system = SystemOf(self) ?? throw new ArgumentException(
            "Could not ask: the target belongs to no actor system.", nameof(self));
        var answer = new FutureActorRef<T>(system);
        answer.Start(timeout ?? system.Settings.AskTimeout, cancellationToken);
        self.Tell(messageFactory(answer), answer);
        return answer.Task;
    }

    private static ActorSystemImpl SystemOf(ICanTell target) => target switch
    {
        ActorSelection selection => SystemOf(selection.Anchor),
        IInternalActorRef { System: { } system } => system,
        _ => ActorCell.Current?.SystemImpl,
    };
}
