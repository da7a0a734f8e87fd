using System.Collections.Concurrent;
using System.Reflection;
using System.Security.Cryptography;

namespace Flume.Host.Admin;

/// <summary>The files of the admin page, embedded in the binary; each is loaded at its first request.</summary>
internal static class Assets
{
    /// <summary>The HTML page.</summary>
    public const string Page = "index.html";

    // Set by Flume.Host.csproj for every file below wwwroot.
    private const string Prefix = "wwwroot/";

    private static readonly Assembly Home = typeof(Assets).Assembly;
    private static readonly ConcurrentDictionary<string, Asset> Read = new(StringComparer.Ordinal);

    /// <summary>A file by its path below wwwroot; null when there is none.</summary>
    public static Asset? Find(string path)
    {
        if (Read.TryGetValue(path, out Asset? known)) return known;
        using Stream? file = Home.GetManifestResourceStream(Prefix + path);
        if (file is null) return null;
        byte[] bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        string hash = Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, 12));
        return Read.GetOrAdd(path, new Asset(bytes, TypeOf(path), $"\"{hash}\""));
    }

    /// <summary>The paths of all files.</summary>
    public static IEnumerable<string> Paths() => Home.GetManifestResourceNames()
        .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
        .Select(name => name[Prefix.Length..]);

    private static string TypeOf(string path) => Path.GetExtension(path) switch
    {
        ".html" => "text/html; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".svg" => "image/svg+xml",
        _ => "text/plain; charset=utf-8",
    };
}
