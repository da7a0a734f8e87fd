using Flume.Actors;
using Flume.Ssb.Api;

namespace Flume.Benchmarks;

/// <summary>An engine over a folder of its own, with an empty identity or one over a given log.</summary>
internal sealed class RunningEngine : IAsyncDisposable
{
    private readonly FlumeEngine _engine;
    private readonly string _folder;

    private RunningEngine(FlumeEngine engine, IIdentity identity, string folder) =>
        (_engine, Identity, _folder) = (engine, identity, folder);

    /// <summary>Its identity.</summary>
    public IIdentity Identity { get; }

    /// <summary>Starts one with an empty identity.</summary>
    public static async Task<RunningEngine> CreateAsync()
    {
        (FlumeEngine engine, string folder) = Start();
        return new(engine, await engine.CreateAsync("bench").ConfigureAwait(false), folder);
    }

    /// <summary>Starts one over the log and the secret of a folder; its views go into <paramref name="views"/>, or to waste.</summary>
    public static async Task<RunningEngine> OpenAsync(string source, string? views = null)
    {
        (FlumeEngine engine, string folder) = Start();
        IdentityFiles files = new(Path.Combine(source, "log.offset"), Path.Combine(source, "secret"), views ?? folder);
        return new(engine, await engine.OpenAsync("bench", files).ConfigureAwait(false), folder);
    }

    /// <summary>Waits until every view answers with all of the log.</summary>
    public async Task FreshAsync()
    {
        foreach (ViewStatus view in await Identity.StatusAsync().ConfigureAwait(false))
            (await Identity.ReadAsync(view.Name, ReadFreshness.Fresh).ConfigureAwait(false)).Dispose();
    }

    /// <summary>True while some view is rebuilt.</summary>
    public async Task<bool> IsRebuildingAsync() =>
        (await Identity.StatusAsync().ConfigureAwait(false)).Any(view => view.Rebuilding is not null);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _engine.StopAsync().ConfigureAwait(false);
        Directory.Delete(_folder, recursive: true);
    }

    private static (FlumeEngine Engine, string Folder) Start()
    {
        string folder = Directory.CreateTempSubdirectory("flume-engine-").FullName;
        return (FlumeEngine.Start(FlumeSettings.Parse(
            $"akka.loglevel = OFF\nakka.stdout-loglevel = OFF\nflume.directory = \"{folder}\"", "bench")), folder);
    }
}
