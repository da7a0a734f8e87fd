using Flume.Log;
using Flume.Views;
using Flume.Views.Store;
using Microsoft.Extensions.Logging;

namespace Flume.Actors;

/// <summary>Services and settings that all identities of a process share.</summary>
/// <param name="Settings">The process's settings.</param>
/// <param name="Catalog">The views of every identity.</param>
/// <param name="Stores">Caches and limits of all stores.</param>
/// <param name="Time">The clock.</param>
internal sealed record EngineServices(
    FlumeSettings Settings, ViewCatalog Catalog, StoreResources Stores, TimeProvider Time)
{
    /// <summary>An additional receiver of log lines; null for none.</summary>
    public ILoggerFactory? Loggers { get; init; }

    /// <summary>Replaces the configured log options; tests inject disk faults with it.</summary>
    public LogOptions? LogOptions { get; init; }
}
