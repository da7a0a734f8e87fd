namespace Akka.Actor.Internal;

/// <summary>Handlers by message type, tried in the order in which they were listed.</summary>
/// <remarks>1. Grows while it is open, never afterwards.</remarks>
internal sealed class MessageHandlers
{
    private readonly List<Func<object, bool>> _handlers = [];
    private bool _handlesAny;

    public bool TryHandle(object message)
    {
        for (var i = 0; i < _handlers.Count; i++)
        {
            if (_handlers[i](message))
                return true;
        }
        return false;
    }

    public void Add<T>(Action<T> handler, Predicate<T> shouldHandle)
    {
        ArgumentNullException.ThrowIfNull(handler);
        Append(message =>
        {
            if (message is not T typed || (shouldHandle != null && !shouldHandle(typed)))
                return false;
            handler(typed);
            return true;
        });
        _handlesAny |= typeof(T) == typeof(object) && shouldHandle == null;
    }

    public void Add<T>(Func<T, bool> handler) => Append(message => message is T typed && handler(typed));

    public void Add(Type type, Action<object> handler, Predicate<object> shouldHandle)
    {
        Append(message =>
        {
            if (!type.IsInstanceOfType(message) || (shouldHandle != null && !shouldHandle(message)))
                return false;
            handler(message);
            return true;
        });
        _handlesAny |= type == typeof(object) && shouldHandle == null;
    }

    public void Add(Type type, Func<object, bool> handler) =>
        Append(message => type.IsInstanceOfType(message) && handler(message));

    public void AddAny(Action<object> handler) => Add(handler, null);

    private void Append(Func<object, bool> handler)
    {
        if (_handlesAny)
            throw new InvalidOperationException(
                "Could not add a handler: one before it handles any message, so this one would never be called. "
                    + "List it first.");
        _handlers.Add(handler);
    }

    /// <summary>The lists that are being written: one in a constructor, one more in each nested Become.</summary>
    public sealed class Builder(string verb)
    {
        private readonly Stack<MessageHandlers> _open = new();

        public MessageHandlers Current => _open.Count > 0 ? _open.Peek() : throw new InvalidOperationException(
            $"You may only call {verb}-methods when constructing the actor and inside Become().");

        public MessageHandlers Open()
        {
            var handlers = new MessageHandlers();
            _open.Push(handlers);
            return handlers;
        }

        /// <summary>Ends the writing of the list that was opened last.</summary>
        public void Close() => _open.Pop();

        public MessageHandlers Build(Action configure)
        {
            var handlers = Open();
            try
            {
                configure();
            }
            finally
            {
                _open.Pop();
            }
            return handlers;
        }
    }
}
