namespace Flume.Ssb.Api;

/// <summary>
/// The objects that API methods keep for one identity, such as its blob store: one object of each type.
/// </summary>
/// <remarks>Thread-safe. An object lives as long as its identity object, and is not disposed.</remarks>
public sealed class IdentityServices
{
    private readonly Lock _lock = new();
    private readonly Dictionary<Type, object> _byType = [];

    /// <summary>The object of a type; the first call of a type creates it.</summary>
    /// <param name="create">Creates the object. When it throws, the next call creates the object.</param>
    public T Get<T>(Func<T> create) where T : class
    {
        lock (_lock)
        {
            if (!_byType.TryGetValue(typeof(T), out object? service)) _byType[typeof(T)] = service = create();
            return (T)service;
        }
    }
}
