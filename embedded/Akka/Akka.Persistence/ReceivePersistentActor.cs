using Akka.Actor;
using Akka.Actor.Internal;

namespace Akka.Persistence;

/// <summary>A persistent actor that lists its handlers by type: of commands, and of what recovery replays.</summary>
/// <remarks>1. Handlers are listed in the constructor and, those of commands, in the actions given to Become.</remarks>
public abstract class ReceivePersistentActor : UntypedPersistentActor
{
    private readonly MessageHandlers.Builder _commands = new("Command");
    private readonly MessageHandlers.Builder _recovers = new("Recover");
    private readonly MessageHandlers _firstCommands;
    private readonly MessageHandlers _recovery;

    protected ReceivePersistentActor()
    {
        _firstCommands = _commands.Open();
        _recovery = _recovers.Open();
    }

    internal override void OnIncarnated()
    {
        _commands.Close();
        _recovers.Close();
    }

    protected sealed override void OnCommand(object message) => Handle(_firstCommands, message);

    protected sealed override void OnRecover(object message) => Handle(_recovery, message);

    protected void Become(Action configure)
    {
        var handlers = _commands.Build(configure);
        base.Become(message => Handle(handlers, message));
    }

    protected void BecomeStacked(Action configure)
    {
        var handlers = _commands.Build(configure);
        base.BecomeStacked(message => Handle(handlers, message));
    }

    protected void Command<T>(Action<T> handler, Predicate<T> shouldHandle = null) =>
        _commands.Current.Add(handler, shouldHandle);

    protected void Command<T>(Predicate<T> shouldHandle, Action<T> handler) => Command(handler, shouldHandle);

    protected void Command<T>(Func<T, bool> handler) => _commands.Current.Add(handler);

    protected void Command(Type messageType, Action<object> handler, Predicate<object> shouldHandle = null) =>
        _commands.Current.Add(messageType, handler, shouldHandle);

    protected void Command(Type messageType, Predicate<object> shouldHandle, Action<object> handler) =>
        Command(messageType, handler, shouldHandle);

    protected void Command(Type messageType, Func<object, bool> handler) => _commands.Current.Add(messageType, handler);

    protected void Command(Action<object> handler) => CommandAny(handler);

    protected void CommandAny(Action<object> handler) => _commands.Current.AddAny(handler);

    /// <summary>Handles by asynchronous work; the next message waits for its end.</summary>
    protected void CommandAsync<T>(Func<T, Task> handler, Predicate<T> shouldHandle = null) =>
        Command(Running(handler), shouldHandle);

    protected void CommandAsync<T>(Predicate<T> shouldHandle, Func<T, Task> handler) =>
        Command(Running(handler), shouldHandle);

    protected void CommandAsync(Type messageType, Func<object, Task> handler, Predicate<object> shouldHandle = null) =>
        Command(messageType, Running(handler), shouldHandle);

    protected void CommandAsync(Type messageType, Predicate<object> shouldHandle, Func<object, Task> handler) =>
        Command(messageType, Running(handler), shouldHandle);

    protected void CommandAnyAsync(Func<object, Task> handler) => CommandAny(Running(handler));

    protected void Recover<T>(Action<T> handler, Predicate<T> shouldHandle = null) =>
        _recovers.Current.Add(handler, shouldHandle);

    protected void Recover<T>(Predicate<T> shouldHandle, Action<T> handler) => Recover(handler, shouldHandle);

    protected void Recover<T>(Func<T, bool> handler) => _recovers.Current.Add(handler);

    protected void Recover(Type messageType, Action<object> handler, Predicate<object> shouldHandle = null) =>
        _recovers.Current.Add(messageType, handler, shouldHandle);

    protected void Recover(Type messageType, Predicate<object> shouldHandle, Action<object> handler) =>
        Recover(messageType, handler, shouldHandle);

    protected void Recover(Type messageType, Func<object, bool> handler) => _recovers.Current.Add(messageType, handler);

    protected void RecoverAny(Action<object> handler) => _recovers.Current.AddAny(handler);

    private void Handle(MessageHandlers handlers, object message)
    {
        if (!handlers.TryHandle(message))
            Unhandled(message);
    }

    private Action<T> Running<T>(Func<T, Task> handler) => message => RunTask(() => handler(message));
}
