using System.CommandLine;
using System.Net;
using Flume.Log.Primitives;

namespace Flume.Host.Cli;

/// <summary>The options that select a verb's target: a data directory, or a running server.</summary>
internal static class Where
{
    /// <summary>The default address of a server.</summary>
    public const string DefaultAddress = "127.0.0.1:7788";

    private const int DefaultPort = 7788;

    /// <summary>The default data directory.</summary>
    public const string DefaultData = "./data";

    /// <summary><c>--data DIR</c>.</summary>
    public static Option<string?> Data(string description) => new("--data")
    {
        Description = description, HelpName = "DIR",
    };

    /// <summary><c>--http ADDRESS</c>.</summary>
    public static Option<string?> Http(string description) => new("--http")
    {
        Description = description, HelpName = "HOST:PORT",
    };

    /// <summary><c>--identity NAME</c>.</summary>
    public static Option<string?> Identity(string description) => new("--identity")
    {
        Description = description, HelpName = "NAME",
    };

    /// <summary>
    /// Parses a server's base address: <c>127.0.0.1:7788</c>, <c>:7788</c> or a whole URL.
    /// </summary>
    /// <exception cref="VerbException">The text is not an address.</exception>
    public static Uri Server(string? typed)
    {
        string text = typed ?? DefaultAddress;
        if (text.StartsWith(':')) text = "127.0.0.1" + text;
        if (!text.Contains("://", StringComparison.Ordinal)) text = "http://" + text;
        if (!Uri.TryCreate(text, UriKind.Absolute, out Uri? server) || server.Scheme != Uri.UriSchemeHttp)
            throw VerbException.Usage($"--http '{typed}' is no address. Expected HOST:PORT, e.g. {DefaultAddress}.");
        bool hasPort = char.IsAsciiDigit(text.TrimEnd('/')[text.TrimEnd('/').LastIndexOf(':') + 1]) && !text.TrimEnd('/').EndsWith(']');
        return server.IsDefaultPort && !hasPort ? new UriBuilder(server) { Port = DefaultPort }.Uri : server;
    }

    /// <summary>Parses an address to listen on: an IP address and a port.</summary>
    /// <exception cref="VerbException">The text is not such an address.</exception>
    public static IPEndPoint Listen(string? typed)
    {
        string text = (typed ?? DefaultAddress).Replace("localhost", "127.0.0.1", StringComparison.OrdinalIgnoreCase);
        if (text.StartsWith(':')) text = "127.0.0.1" + text;
        if (text.Contains(':') && IPEndPoint.TryParse(text, out IPEndPoint? address)) return address;
        throw VerbException.Usage($"--http '{typed}' can't be listened on. Expected IP:PORT, e.g. {DefaultAddress}.");
    }

    /// <summary>
    /// Finds <paramref name="typed"/> in <paramref name="names"/>; returns the only identity if none was typed.
    /// </summary>
    /// <exception cref="VerbException">The identity does not exist, or there are several and none was
    /// named.</exception>
    public static string Choose(string? typed, IReadOnlyList<string> names, string place)
    {
        string known = names.Count == 0 ? "none" : string.Join(", ", names);
        if (typed is null)
        {
            return names.Count == 1
                ? names[0]
                : throw VerbException.Usage($"Name the identity with --identity. {place} has {known}.");
        }

        return names.Contains(typed)
            ? typed
            : throw VerbException.Usage(
                $"{place} has no identity '{typed}'.{Spelling.Hint(typed, names)} It has {known}.");
    }

    /// <summary>The path of a log that a verb reads.</summary>
    /// <exception cref="VerbException">There is no such file, or it is a folder.</exception>
    public static string LogFile(string typed)
    {
        if (File.Exists(typed)) return typed;
        if (!Directory.Exists(typed))
            throw VerbException.Usage(
                $"There is no file {Path.GetFullPath(typed)}. Expected a log, e.g. ~/.ssb/flume/log.offset.");
        string[] inside = ["flume/log.offset", "log.offset", "db2/log.bipf", "log.bipf"];
        string meant = inside.Select(part => Path.Combine(typed, part)).FirstOrDefault(File.Exists) is { } log
            ? $"Its log is {log}."
            : "Expected a log, e.g. ~/.ssb/flume/log.offset.";
        throw VerbException.Usage($"{Path.GetFullPath(typed)} is a folder. {meant}");
    }
}
