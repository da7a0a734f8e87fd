namespace RocksDbSharp;

/// <summary>A column family; nothing here makes one, so every <c>cf</c> argument is null, the default family.</summary>
public interface ColumnFamilyHandle
{
    /// <summary>The native handle.</summary>
    IntPtr Handle { get; }
}

/// <summary>Refuses what this assembly does not carry.</summary>
internal static class DefaultFamily
{
    internal static void Require(ColumnFamilyHandle? family)
    {
        if (family is null) return;
        throw new NotSupportedException(
            "This build of RocksDbSharp knows the default column family only; build with -p:FlumePackages=nuget.");
    }
}
