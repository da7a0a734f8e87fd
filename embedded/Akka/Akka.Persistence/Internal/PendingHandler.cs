namespace Akka.Persistence.Internal;

/// <summary>What is to be called when an event is stored.</summary>
/// <param name="Stashing">Whether commands wait until it was called.</param>
/// <param name="Handler">Called with the event; null when <paramref name="AsyncHandler"/> is.</param>
/// <param name="AsyncHandler">Called with the event; no message is handled before its task has ended.</param>
internal sealed record PendingHandler(bool Stashing, Action<object> Handler, Func<object, Task> AsyncHandler)
{
    public static PendingHandler Of<T>(bool stashing, Action<T> handler) => new(stashing, e => handler((T)e), null);

    public static PendingHandler Of<T>(bool stashing, Func<T, Task> handler) => new(stashing, null, e => handler((T)e));
}
