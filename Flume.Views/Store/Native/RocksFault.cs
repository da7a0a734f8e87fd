using System.Runtime.InteropServices;

namespace Flume.Views.Store.Native;

/// <summary>Tells RocksDB's errors apart: damage is for a rebuild, trouble with the disk may pass.</summary>
internal static unsafe class RocksFault
{
    /// <summary>Throws the error of a call, if it has one, and frees its text.</summary>
    /// <param name="error">What the call wrote: null, or a text that is freed here.</param>
    /// <param name="store">The folder or file that the call was about.</param>
    /// <param name="doing">What could not be done.</param>
    /// <exception cref="StoreDamagedException">The files are not what RocksDB wrote.</exception>
    /// <exception cref="IOException">The disk refuses, or another process has the store.</exception>
    internal static void Check(byte* error, string store, string doing)
    {
        if (error is not null) throw Take(error, store, doing);
    }

    /// <remarks>
    /// A file that is missing, or of a format that this RocksDB does not know, is damage too: waiting won't bring it.
    /// </remarks>
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
