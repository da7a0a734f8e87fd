using System.CommandLine;
using System.Reflection;
using System.Runtime.InteropServices;

namespace Flume.Host.Cli;

/// <summary><c>flume version</c>: prints the versions of Flume, its packages and the runtime.</summary>
internal static class VersionVerb
{
    /// <summary>The version of this build.</summary>
    public static string Version { get; } =
        typeof(VersionVerb).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!
            .InformationalVersion.Split('+')[0];

    /// <summary>The packages under the engine, as "Akka.NET 1.5.73, RocksDB 11.12.0.7641, Hyperion 0.12.2".</summary>
    public static string Packages { get; } = string.Join(", ", Named().Select(package => $"{package.Name} {package.Version}"));

    public static Command Create()
    {
        Command command = new("version", "Print the versions of Flume, its packages and the runtime");
        command.SetAction(parsed => Run(new Output(parsed.GetValue(CommandLine.Json))));
        return command;
    }

    private static int Run(Output output)
    {
        if (output.IsJson)
        {
            output.Document(json =>
            {
                json.WriteStartObject();
                json.WriteString("version", Version);
                json.WriteString("runtime", RuntimeInformation.FrameworkDescription);
                json.WriteString("platform", RuntimeInformation.RuntimeIdentifier);
                json.WriteStartObject("packages");
                foreach ((string name, string version) in Named()) json.WriteString(name, version);
                json.WriteEndObject();
                json.WriteEndObject();
            });
        }
        else
        {
            output.Line(
                $"flume {Version} on {RuntimeInformation.FrameworkDescription} " +
                $"({RuntimeInformation.RuntimeIdentifier}) with {Packages}");
        }

        return ExitCode.Ok;
    }

    // Flume.Host.csproj writes the versions from Directory.Packages.props, so that the verb loads no package's
    // assembly.
    private static IEnumerable<(string Name, string Version)> Named() => typeof(VersionVerb).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>()
        .Where(data => data.Key is "Akka.NET" or "RocksDB" or "Hyperion")
        .Select(data => (data.Key, data.Value!));
}
