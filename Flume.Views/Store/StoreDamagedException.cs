namespace Flume.Views.Store;

/// <summary>Rows that do not decode: never retried; the store is derived, so the cure is a rebuild.</summary>
public sealed class StoreDamagedException : Exception
{
    /// <summary>Says which store, which of its rows and what is wrong with it.</summary>
    public StoreDamagedException(string store, string row, string fault, Exception? inner = null)
        : base($"Store {store} is damaged: {row}: {fault}. The log is not affected; rebuild the view.", inner)
    {
        Store = store;
    }

    /// <summary>The folder of the store.</summary>
    public string Store { get; }
}
