using System.Reflection;

namespace Flume.Host;

/// <summary>The versions of this build and of the packages under the engine.</summary>
internal static class FlumeVersion
{
    /// <summary>The version of Flume.</summary>
    public static string Own { get; } =
        typeof(FlumeVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!
            .InformationalVersion.Split('+')[0];

    /// <summary>The packages in one line, as "Akka.NET 1.5.73, RocksDB 11.12.0.7641, Hyperion 0.12.2".</summary>
    public static string PackageLine { get; } =
        string.Join(", ", Packages().Select(package => $"{package.Name} {package.Version}"));

    /// <summary>
    /// The packages. Flume.Host.csproj writes them into the assembly, so reading them loads no other assembly.
    /// </summary>
    public static IEnumerable<(string Name, string Version)> Packages() => typeof(FlumeVersion).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>()
        .Where(data => data.Key is "Akka.NET" or "RocksDB" or "Hyperion")
        .Select(data => (data.Key, data.Value!));
}
