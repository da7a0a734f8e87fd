using System.Net;
using Flume.Actors;

namespace Flume.Host.Serving;

/// <summary>The command-line options of the service.</summary>
/// <param name="Directory">The folder of Flume's own files: a data directory, or <c>flume-net</c> of a classic
/// one.</param>
/// <param name="Address">The HTTP address; null for <c>flume.http.address</c>.</param>
/// <param name="ConfigFile">A HOCON file that overrides the built-in values, or null.</param>
/// <param name="Classic">A classic directory to serve in place, or null.</param>
/// <param name="Follow">True to open the logs read-only while another process writes them.</param>
internal sealed record ServiceOptions(
    string Directory, IPEndPoint? Address, string? ConfigFile, string? Classic, bool Follow)
{
    /// <summary>
    /// True to log only warnings and errors unless the file says otherwise: progress bars show the rest.
    /// </summary>
    public bool IsQuiet { get; init; }

    /// <summary>A value that overrides <c>flume.muxrpc.address</c>, as typed; null for none.</summary>
    public string? Muxrpc { get; init; }

    /// <summary>HOCON that a verb sets over the file.</summary>
    public string Hocon { get; init; } = "";

    /// <summary>The settings: those of the command line, then of the file, then the built-in ones.</summary>
    /// <exception cref="SettingsException">A key is unknown or out of range.</exception>
    public FlumeSettings Settings()
    {
        string file = ConfigFile is null ? "" : ReadConfig(ConfigFile);
        string typed = $"flume.directory = {Quote(Path.GetFullPath(Directory))}\n" +
            (Follow ? "flume.log.read-only = on\n" : "") +
            (Muxrpc is null ? "" : $"flume.muxrpc.address = {Quote(Muxrpc)}\n");
        string quiet = IsQuiet ? "flume.logging.level = warning" : "";
        return FlumeSettings.Parse(file, ConfigFile ?? "the command line", ($"{Hocon}\n{typed}", quiet));
    }

    private static string Quote(string text)
    {
        string escaped = text.Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace("\"", "\\\"", StringComparison.Ordinal);
        return $"\"{escaped}\"";
    }

    private static string ReadConfig(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new SettingsException(file, "the file", $"can't be read: {error.Message}");
        }
    }
}
