using Flume.Views.Plugins;
using Flume.Views.Registered;

namespace Flume.Actors;

/// <summary>Settings of views: <c>flume.views</c>.</summary>
public sealed record ViewSettings
{
    /// <summary>Names of the enabled views; empty for all.</summary>
    public required IReadOnlyList<string> Names { get; init; }

    /// <summary>Entries of the smallest step.</summary>
    public required int StepEntriesMin { get; init; }

    /// <summary>Entries of the largest step.</summary>
    public required int StepEntriesMax { get; init; }

    /// <summary>Most bytes of log in one step.</summary>
    public required long StepBytesMax { get; init; }

    /// <summary>Target duration of a step of a live view.</summary>
    public required TimeSpan StepLive { get; init; }

    /// <summary>Target duration of a step of a view that is catching up.</summary>
    public required TimeSpan StepBehind { get; init; }

    /// <summary>The first delay before a view restarts.</summary>
    public required TimeSpan RestartMin { get; init; }

    /// <summary>The longest delay before a view restarts.</summary>
    public required TimeSpan RestartMax { get; init; }

    /// <summary>Tries at one offset before a view is faulted.</summary>
    public required int FaultTries { get; init; }

    /// <summary>Interval in which rows are synced to the device.</summary>
    public required TimeSpan FlushEvery { get; init; }

    /// <summary>Plug-in views of third parties.</summary>
    public required IReadOnlyList<ViewPlugin> Plugins { get; init; }

    /// <summary>Limits of registered views.</summary>
    public required RegisteredLimits Registered { get; init; }

    internal static ViewSettings Read(SettingsReader reader)
    {
        int entriesMin = reader.Int("flume.views.step-entries-min", 1, 1_000_000);
        TimeSpan restartMin = reader.Milliseconds("flume.views.restart-ms-min", 1, 600_000);
        return new ViewSettings
        {
            Names = reader.Words("flume.views.names"),
            StepEntriesMin = entriesMin,
            StepEntriesMax = reader.Int("flume.views.step-entries-max", entriesMin, 1_000_000),
            StepBytesMax = reader.Bytes("flume.views.step-bytes-max", 1 << 10, 512L << 20),
            StepLive = reader.Milliseconds("flume.views.step-live-ms", 1, 10_000),
            StepBehind = reader.Milliseconds("flume.views.step-behind-ms", 1, 10_000),
            RestartMin = restartMin,
            RestartMax = reader.Milliseconds(
                "flume.views.restart-ms-max", (long)restartMin.TotalMilliseconds, 3_600_000),
            FaultTries = reader.Int("flume.views.fault-tries", 1, 1000),
            FlushEvery = reader.Milliseconds("flume.views.flush-every-ms", 100, 86_400_000),
            Plugins = [.. reader.Objects("flume.views.plugins", "assembly", "type")
                .Select(plugin => new ViewPlugin(Path.GetFullPath(plugin["assembly"]), plugin["type"]))],
            Registered = ReadRegistered(reader),
        };
    }

    private static RegisteredLimits ReadRegistered(SettingsReader reader) => new(
        reader.Int("flume.views.registered.views-max", 0, 10_000),
        reader.Bytes("flume.views.registered.query-bytes-max", 1 << 8, 16 << 20),
        reader.Int("flume.views.registered.groups-max", 1, 10_000_000),
        reader.Bytes("flume.views.registered.group-bytes-max", 1 << 10, 1 << 30),
        reader.Bytes("flume.views.registered.state-bytes-max", 1 << 10, 1 << 30))
    {
        FeedBatchBytes = reader.Bytes("flume.views.registered.feed-batch-bytes", 1, 16 << 20),
        FeedWindowBytes = reader.Bytes("flume.views.registered.feed-window-bytes", 1 << 10, 1 << 30),
    };
}
