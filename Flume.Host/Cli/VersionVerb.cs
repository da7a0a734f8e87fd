using System.CommandLine;
using System.Runtime.InteropServices;

namespace Flume.Host.Cli;

/// <summary><c>flume version</c>: the versions of Flume, its packages and the runtime.</summary>
internal static class VersionVerb
{
    /// <summary>The verb.</summary>
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
                json.WriteString("version", FlumeVersion.Own);
                json.WriteString("runtime", RuntimeInformation.FrameworkDescription);
                json.WriteString("platform", RuntimeInformation.RuntimeIdentifier);
                json.WriteStartObject("packages");
                foreach ((string name, string version) in FlumeVersion.Packages()) json.WriteString(name, version);
                json.WriteEndObject();
                json.WriteEndObject();
            });
        }
        else
        {
            output.Line(
                $"flume {FlumeVersion.Own} on {RuntimeInformation.FrameworkDescription} " +
                $"({RuntimeInformation.RuntimeIdentifier}) with {FlumeVersion.PackageLine}");
        }

        return ExitCode.Ok;
    }
}
