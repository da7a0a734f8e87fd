using Flume.Log;
using Flume.Views;
using Flume.Views.Store;
using Microsoft.Extensions.Logging;

namespace Flume.Actors;

/// <summary>What all identities of a process share.</summary>
/// <param name="Settings">The process's settings.</param>
/// <param name="Catalog">The views that every identity keeps.</param>
/// <param name="Stores">Caches and limits of all stores.</param>
/// <param name="Time">The clock.</param>
internal sealed record EngineServices(FlumeSettings Settings, ViewCatalog Catalog, StoreResources Stores, TimeProvider Time)
{
    /// <summary>Where log lines go beside what the configuration names; null for nowhere else.</summary>
    public ILoggerFactory? Loggers { get; init; }

    /// <summary>Replaces the options that settings ask for: how tests make disks fail.</summary>
    public LogOptions? LogOptions { get; init; }
}
