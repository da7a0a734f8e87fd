using System.Globalization;
using System.Text;
using Flume.Ssb.Api;
using Microsoft.Extensions.Configuration;

namespace Flume.Actors.Hosting;

/// <summary>Options of Flume in a host: the data folder, the logs, and every setting of flume.conf.</summary>
public sealed class FlumeOptions
{
    private readonly List<(string Name, IdentityKind Kind)> _logs = [];

    /// <summary>The folder of all data; null for <c>flume.directory</c>.</summary>
    public string? Directory { get; set; }

    /// <summary>HOCON over the built-in flume.conf; empty for none.</summary>
    public string Hocon { get; set; } = "";

    /// <summary>
    /// A section with the keys below <c>flume</c>, e.g. <c>Append:Group-Delay-Ms</c>; null for none.
    /// </summary>
    public IConfiguration? Configuration { get; set; }

    /// <summary>The logs that the host opens at its start; missing ones are created.</summary>
    public IReadOnlyList<(string Name, IdentityKind Kind)> Logs => _logs;

    /// <summary>Adds a log.</summary>
    /// <param name="name">Its name: lower-case letters, digits and dashes.</param>
    /// <param name="kind">The kind of a new log; an existing log keeps its kind.</param>
    public FlumeOptions AddLog(string name, IdentityKind kind = IdentityKind.Events)
    {
        IdentityName.Check(name);
        if (_logs.Exists(log => log.Name == name))
            throw new ArgumentException($"The log '{name}' is added already. Add each log once.", nameof(name));
        _logs.Add((name, kind));
        return this;
    }

    /// <summary>The validated settings.</summary>
    /// <exception cref="SettingsException">
    /// A key is unknown or a value is out of range; the message names both.
    /// </exception>
    public FlumeSettings ToSettings()
    {
        StringBuilder text = new(Hocon);
        text.AppendLine();
        if (Configuration is not null)
        {
            foreach (IConfigurationSection section in Configuration.GetChildren()) Write(text, "flume", section);
        }

        if (Directory is not null) text.Append("flume.directory = ").AppendLine(Quote(Path.GetFullPath(Directory)));
        return FlumeSettings.Parse(text.ToString(), "the host's options");
    }

    private static void Write(StringBuilder text, string path, IConfigurationSection section)
    {
        string key = $"{path}.{section.Key.ToLowerInvariant()}";
        IConfigurationSection[] below = [.. section.GetChildren()];
        if (below.Length == 0) text.Append(key).Append(" = ").AppendLine(Quote(section.Value ?? ""));
        else if (below.All(item => int.TryParse(item.Key, CultureInfo.InvariantCulture, out _)))
            text.Append(key).Append(" = [").AppendJoin(", ", below.Select(Item)).AppendLine("]");
        else
            foreach (IConfigurationSection child in below) Write(text, key, child);
    }

    private static string Item(IConfigurationSection item)
    {
        IConfigurationSection[] members = [.. item.GetChildren()];
        if (members.Length == 0) return Quote(item.Value ?? "");
        IEnumerable<string> pairs = members.Select(member =>
            $"{member.Key.ToLowerInvariant()} = {Quote(member.Value ?? "")}");
        return $"{{ {string.Join(", ", pairs)} }}";
    }

    private static string Quote(string text) => $"\"{text.Replace("\\", "\\\\").Replace("\"", "\\\"")}\"";
}
