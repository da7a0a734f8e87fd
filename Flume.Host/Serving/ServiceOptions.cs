using System.Net;
using Flume.Actors;

namespace Flume.Host.Serving;

/// <summary>What to serve, where.</summary>
/// <param name="Directory">The folder of what Flume owns: a data directory, or <c>flume-net</c> of a classic
/// one.</param>
/// <param name="Address">Where to listen; null for <c>flume.http.address</c>.</param>
/// <param name="ConfigFile">HOCON over the built-in values, or null.</param>
/// <param name="Classic">A classic directory to serve in place, or null.</param>
/// <param name="Follow">True to only read the logs, whoever writes them.</param>
internal sealed record ServiceOptions(
    string Directory, IPEndPoint? Address, string? ConfigFile, string? Classic, bool Follow)
{
    /// <summary>
    /// True to log warnings and errors alone, unless the file says otherwise: progress is shown by other means.
    /// </summary>
    public bool IsQuiet { get; init; }

    /// <summary>What stands over <c>flume.muxrpc.address</c>, as it was typed; null for nothing.</summary>
    public string? Muxrpc { get; init; }

    /// <summary>HOCON that a verb sets over the file.</summary>
    public string Hocon { get; init; } = "";

    /// <summary>The settings: the built-in ones, under those of the file, under what the command line says.</summary>
    /// <exception cref="SettingsException">A key is unknown or out of range.</exception>
    public FlumeSettings Settings()
    {
        string file = ConfigFile is null ? "" : ReadConfig(ConfigFile);
        string typed = $"flume.directory = {Quote(Path.GetFullPath(Directory))}\n" +
            (Follow ? "flume.log.read-only = on\n" : "") +
            (Muxrpc is null ? "" : $"flume.muxrpc.address = {Quote(Muxrpc)}\n");
        string quiet = IsQuiet ? "akka.loglevel = WARNING" : "";
        return FlumeSettings.Parse($"{quiet}\n{file}\n{Hocon}\n{typed}", ConfigFile ?? "the command line");
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
