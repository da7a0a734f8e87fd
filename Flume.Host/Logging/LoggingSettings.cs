using Flume.Actors;

namespace Flume.Host.Logging;

/// <summary>The forms of a log line.</summary>
internal enum LogFormat
{
    /// <summary>A line for people: time, level, category, text.</summary>
    Plain,

    /// <summary>One JSON object a line.</summary>
    Json,

    /// <summary>A line that starts with the priority for the journal of systemd, which adds the time.</summary>
    Systemd,
}

/// <summary>The configuration's section <c>flume.logging</c>; flume.conf describes each value.</summary>
internal sealed record LoggingSettings
{
    private const string Section = "flume.logging", LevelsKey = $"{Section}.levels";

    private static readonly (string Word, LogLevel Value)[] Levels =
    [
        ("trace", LogLevel.Trace), ("debug", LogLevel.Debug), ("info", LogLevel.Information), (
            "warning", LogLevel.Warning),
        ("error", LogLevel.Error), ("none", LogLevel.None),
    ];

    /// <summary>The form of each line.</summary>
    public LogFormat Format { get; init; }

    /// <summary>The least level of Flume's own categories.</summary>
    public LogLevel Level { get; init; } = LogLevel.Information;

    /// <summary>The least levels of categories whose names start with the given text.</summary>
    public IReadOnlyList<(string Category, LogLevel Level)> Categories { get; init; } = [];

    /// <summary>Reads and checks the section.</summary>
    /// <exception cref="SettingsException">A key of the section is unknown or has no such value.</exception>
    public static LoggingSettings Read(SettingsReader reader)
    {
        LoggingSettings settings = new()
        {
            Format = reader.OneOf($"{Section}.format",
                ("auto", IsUnderSystemd ? LogFormat.Systemd : LogFormat.Plain), ("plain", LogFormat.Plain),
                ("json", LogFormat.Json), ("systemd", LogFormat.Systemd)),
            Level = reader.OneOf($"{Section}.level", Levels),
            Categories = [.. reader.Words(LevelsKey).Select(line => Parse(reader, line))],
        };
        reader.RefuseUnknown(Section, except: []);
        return settings;
    }

    // systemd sets the variable for a service whose output goes to the journal.
    private static bool IsUnderSystemd => Environment.GetEnvironmentVariable("JOURNAL_STREAM") is { Length: > 0 };

    private static (string Category, LogLevel Level) Parse(SettingsReader reader, string line)
    {
        string[] parts = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        int known = parts.Length == 2 ? Array.FindIndex(Levels, level => level.Word == parts[1]) : -1;
        return known >= 0
            ? (parts[0], Levels[known].Value)
            : throw reader.Wrong(LevelsKey, line,
                $"entries \"CATEGORY LEVEL\", such as \"Flume.Audit warning\", with a level of {string.Join(", ", Levels.Select(level => level.Word))}");
    }
}
