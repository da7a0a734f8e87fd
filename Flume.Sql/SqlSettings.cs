using Flume.Actors;
using Flume.Sql.Asking;

namespace Flume.Sql;

/// <summary>The configuration's section <c>flume.sql</c>: whether there is a SQL view, and what it may take.</summary>
public sealed record SqlSettings
{
    private const string Section = "flume.sql";

    /// <summary>Whether identities keep the view.</summary>
    public bool IsEnabled { get; init; }

    /// <summary>The identities that keep it; empty for all.</summary>
    public IReadOnlyList<string> Identities { get; init; } = [];

    /// <summary>Layout and full text.</summary>
    public SqlOptions Options { get; init; } = new();

    /// <summary>What a caller's statement may take.</summary>
    public SqlLimits Limits { get; init; } = new();

    /// <summary>Reads and checks the section.</summary>
    /// <exception cref="SettingsException">A key of it is unknown or out of range.</exception>
    public static SqlSettings Read(SettingsReader reader)
    {
        int rowsMax = reader.Int($"{Section}.rows-max", 1, 10_000_000);
        var settings = new SqlSettings
        {
            IsEnabled = reader.Flag($"{Section}.enabled"),
            Identities = reader.Words($"{Section}.identities"),
            Options = new SqlOptions(
                reader.OneOf(
                    $"{Section}.layout", ("keyed", SqlLayout.Keyed), ("text", SqlLayout.Text),
                    ("bare", SqlLayout.Bare)),
                reader.Flag($"{Section}.full-text")),
            Limits = new SqlLimits
            {
                RowsMax = rowsMax,
                RowsDefault = reader.Int($"{Section}.rows-default", 1, rowsMax),
                AnswerBytesMax = reader.Bytes($"{Section}.answer-bytes-max", 1 << 10, 1L << 30),
                TimeMax = reader.Milliseconds($"{Section}.time-ms-max", 1, 600_000),
                AtOnceMax = reader.Int($"{Section}.at-once-max", 1, 64),
                WaitMax = reader.Milliseconds($"{Section}.wait-ms-max", 0, 600_000),
                HeapBytesMax = reader.Bytes($"{Section}.heap-bytes-max", 64L << 20, 1L << 40),
            },
        };
        reader.RefuseUnknown(Section, except: []);
        return settings;
    }

    /// <summary>The view as these settings want it; null when they want none.</summary>
    public SqlView? ToView() => IsEnabled ? new SqlView(Options, Limits, Identities) : null;
}
