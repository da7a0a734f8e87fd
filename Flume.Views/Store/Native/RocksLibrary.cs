using System.Reflection;
using System.Runtime.InteropServices;

namespace Flume.Views.Store.Native;

/// <summary>Finds RocksDB's native library in the package's folder <c>runtimes/RID/native</c>.</summary>
/// <remarks>
/// The host adds that folder to the search path. After a publish for one platform it adds the application's folder.
/// The file for Alpine Linux has a different name in the folder of Linux.
/// </remarks>
internal static class RocksLibrary
{
    private static readonly string[] Names = RuntimeInformation.RuntimeIdentifier.Contains("musl")
        ? ["librocksdb-musl", "librocksdb"]
        : [OperatingSystem.IsWindows() ? "rocksdb" : "librocksdb"];

    /// <summary>The handle of the library; 0 for another library, which the runtime then resolves.</summary>
    /// <exception cref="DllNotFoundException">The library is missing or cannot be loaded.</exception>
    internal static nint Resolve(string library, Assembly assembly, DllImportSearchPath? path)
    {
        if (library != "rocksdb") return 0;
        foreach (string name in Names)
            if (NativeLibrary.TryLoad(name, assembly, path, out nint handle)) return handle;
        throw new DllNotFoundException(
            $"RocksDB's native library could not be loaded for {RuntimeInformation.RuntimeIdentifier}, so no view "
            + $"can be opened. Looked for {string.Join(", ", Names)} in {AppContext.BaseDirectory} and its "
            + "runtimes/RID/native. The NuGet package RocksDB has it for linux-x64, linux-arm64, osx-x64, osx-arm64 "
            + "and win-x64: publish Flume with its runtimes folder.");
    }
}
