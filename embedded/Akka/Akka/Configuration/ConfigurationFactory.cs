using Akka.Configuration.Hocon;

namespace Akka.Configuration;

/// <summary>Makes a <see cref="Config"/> from HOCON text.</summary>
public class ConfigurationFactory
{
    private static readonly Lazy<Config> s_default = new(() => FromResource("Akka.Configuration.akka.conf",
        typeof(ConfigurationFactory).Assembly));

    /// <summary>A configuration without keys.</summary>
    public static Config Empty => ParseString("");

    /// <summary>Parses <paramref name="hocon"/>, which may not include anything.</summary>
    /// <exception cref="FormatException">The text is no HOCON; the message names line and column.</exception>
    public static Config ParseString(string hocon) => ParseString(hocon, null);

    /// <summary>
    /// Parses <paramref name="hocon"/>, asking <paramref name="includeCallback"/> for each included name.
    /// </summary>
    /// <exception cref="FormatException">The text is no HOCON; the message names line and column.</exception>
    public static Config ParseString(string hocon, Func<string, HoconRoot> includeCallback) =>
        new(Parser.Parse(hocon, includeCallback));

    /// <summary>
    /// The configuration a system starts with when it is given none: an empty one here, as there is no app.config.
    /// </summary>
    public static Config Load() => Empty;

    /// <summary>The defaults that every actor system falls back to.</summary>
    public static Config Default() => s_default.Value;

    /// <summary>Parses a text resource of <paramref name="assembly"/>.</summary>
    public static Config FromResource(string resourceName, System.Reflection.Assembly assembly)
    {
        using var stream = assembly.GetManifestResourceStream(resourceName) ?? throw new ArgumentException(
            $"Could not read the resource '{resourceName}': {assembly.GetName().Name} has no resource of that name.",
            nameof(resourceName));
        using var reader = new StreamReader(stream);
        return ParseString(reader.ReadToEnd());
    }
}
