namespace Flume.Views.Store;

/// <summary>A row does not decode. A retry does not help. A rebuild from the log repairs the store.</summary>
public sealed class StoreDamagedException : Exception
{
    /// <summary>Creates an error that names the store, the row and the fault.</summary>
    public StoreDamagedException(string store, string row, string fault, Exception? inner = null)
        : base($"Store {store} is damaged: {row}: {fault}. The log is not affected; rebuild the view.", inner)
    {
        Store = store;
    }

    /// <summary>The folder of the store.</summary>
    public string Store { get; }
}
