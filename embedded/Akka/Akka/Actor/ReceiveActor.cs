using Akka.Actor.Internal;
using Akka.Dispatch;

namespace Akka.Actor;

/// <summary>An actor that lists its handlers by message type; the first that fits gets the message.</summary>
/// <remarks>1. Handlers are listed in the constructor and in the actions given to Become, nowhere else.</remarks>
public abstract class ReceiveActor : UntypedActor
{
    private readonly MessageHandlers.Builder _handlers = new("Receive");
    private readonly MessageHandlers _first;

    protected ReceiveActor()
    {
        _first = _handlers.Open();
    }

    internal override void OnIncarnated() => _handlers.Close();

    protected sealed override void OnReceive(object message)
    {
        if (!_first.TryHandle(message))
            Unhandled(message);
    }

    protected void Become(Action configure) => base.Become(Behaviour(_handlers.Build(configure)));

    protected void BecomeStacked(Action configure) => base.BecomeStacked(Behaviour(_handlers.Build(configure)));

    protected void Receive<T>(Action<T> handler, Predicate<T> shouldHandle = null) =>
        _handlers.Current.Add(handler, shouldHandle);

    protected void Receive<T>(Predicate<T> shouldHandle, Action<T> handler) => Receive(handler, shouldHandle);

    protected void Receive<T>(Func<T, bool> handler) => _handlers.Current.Add(handler);

    protected void Receive(Type messageType, Action<object> handler, Predicate<object> shouldHandle = null) =>
        _handlers.Current.Add(messageType, handler, shouldHandle);

    protected void Receive(Type messageType, Predicate<object> shouldHandle, Action<object> handler) =>
        Receive(messageType, handler, shouldHandle);

    protected void Receive(Type messageType, Func<object, bool> handler) => _handlers.Current.Add(messageType, handler);

    /// <summary>Handles whatever no handler before it took; none may follow.</summary>
    protected void ReceiveAny(Action<object> handler) => _handlers.Current.AddAny(handler);

    /// <summary>Handles by asynchronous work; the next message waits for its end.</summary>
    protected void ReceiveAsync<T>(Func<T, Task> handler, Predicate<T> shouldHandle = null) =>
        Receive(Running(handler), shouldHandle);

    protected void ReceiveAsync<T>(Predicate<T> shouldHandle, Func<T, Task> handler) =>
        Receive(Running(handler), shouldHandle);

    protected void ReceiveAsync(Type messageType, Func<object, Task> handler, Predicate<object> shouldHandle = null) =>
        Receive(messageType, Running(handler), shouldHandle);

    protected void ReceiveAsync(Type messageType, Predicate<object> shouldHandle, Func<object, Task> handler) =>
        Receive(messageType, Running(handler), shouldHandle);

    protected void ReceiveAnyAsync(Func<object, Task> handler) => ReceiveAny(Running(handler));

    private UntypedReceive Behaviour(MessageHandlers handlers) => message =>
    {
        if (!handlers.TryHandle(message))
            Unhandled(message);
    };

    private static Action<T> Running<T>(Func<T, Task> handler) => message =>
        ActorTaskScheduler.RunTask(() => handler(message));
}
