using System.CommandLine;
using System.Reflection;
using System.Runtime.InteropServices;

namespace Flume.Host.Cli;

/// <summary><c>flume version</c>: which version runs, on what.</summary>
internal static class VersionVerb
{
    /// <summary>The version of this build.</summary>
    public static string Version { get; } =
        typeof(VersionVerb).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!
            .InformationalVersion.Split('+')[0];

    /// <summary>Which packages stand behind the actors and the store: <c>embedded</c> or <c>nuget</c>.</summary>
    public static string Packages { get; } = typeof(VersionVerb).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().First(data => data.Key == "FlumePackages").Value!;

    /// <summary>The verb.</summary>
    public static Command Create()
    {
        Command command = new("version", "Print the version, the runtime and which packages stand behind it");
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
                json.WriteString("packages", Packages);
                json.WriteEndObject();
            });
        }
        else
        {
            output.Line(
                $"flume {Version} on {RuntimeInformation.FrameworkDescription} " +
                $"({RuntimeInformation.RuntimeIdentifier}), {Packages} packages");
        }

        return ExitCode.Ok;
    }
}
