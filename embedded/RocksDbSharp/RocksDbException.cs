using System.Runtime.InteropServices;

namespace RocksDbSharp;

/// <summary>What every exception of this assembly derives from.</summary>
public class RocksDbSharpException : Exception
{
    /// <summary>An exception with this message.</summary>
    public RocksDbSharpException(string message) : base(message)
    {
    }
}

/// <summary>An error of RocksDB, with its own message ("Corruption: …", "IO error: …").</summary>
public class RocksDbException : RocksDbSharpException
{
    /// <summary>Takes over the C string behind <paramref name="errptr"/> and frees it.</summary>
    public RocksDbException(IntPtr errptr) : base(Marshal.PtrToStringUTF8(errptr) ?? "") =>
        LibRocksDb.rocksdb_free(errptr);

    internal static void ThrowIf(nint error)
    {
        if (error != 0) throw new RocksDbException(error);
    }
}
