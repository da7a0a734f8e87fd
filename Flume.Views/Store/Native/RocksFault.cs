using System.Runtime.InteropServices;

namespace Flume.Views.Store.Native;

/// <summary>Classifies RocksDB's errors: damage requires a rebuild, an I/O error can be temporary.</summary>
internal static unsafe class RocksFault
{
    /// <summary>Throws if a call failed, and frees its error text.</summary>
    /// <param name="error">The error of the call: null, or a text that this method frees.</param>
    /// <param name="store">The folder or file of the call.</param>
    /// <param name="doing">The action that failed.</param>
    /// <exception cref="StoreDamagedException">The files differ from what RocksDB wrote.</exception>
    /// <exception cref="IOException">The file system fails, or another process holds the store.</exception>
    internal static void Check(byte* error, string store, string doing)
    {
        if (error is not null) throw Take(error, store, doing);
    }

    /// <remarks>A missing file or an unknown format is also damage, because a retry cannot succeed.</remarks>
    private static Exception Take(byte* error, string store, string doing)
    {
        string message = Marshal.PtrToStringUTF8((nint)error) ?? "";
        RocksNative.rocksdb_free(error);
        bool passing = message.StartsWith("IO error", StringComparison.Ordinal)
            && !message.Contains("No such file", StringComparison.Ordinal);
        return passing
            ? new IOException($"Store {store}: {doing} failed: {message}")
            : new StoreDamagedException(store, doing, message);
    }
}
