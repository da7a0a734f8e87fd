using Flume.Ssb.Api;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Flume.Actors.Hosting;

/// <summary>Starts the engine and opens its logs with the host; stops it in order with the host.</summary>
internal sealed partial class FlumeHostedService(IServiceProvider provider, ILogger<FlumeEngine> logger)
    : IHostedService
{
    private FlumeEngine? _engine;
    private FlumeGauges? _gauges;

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _engine = await Task.Run(provider.GetRequiredService<FlumeEngine>, cancellationToken).ConfigureAwait(false);
        List<IIdentity> opened = [];
        foreach ((string name, _) in provider.GetRequiredService<FlumeOptions>().Logs)
        {
            FlumeLog log = provider.GetRequiredKeyedService<FlumeLog>(name);
            IIdentity identity = await log.OpenAsync(cancellationToken).ConfigureAwait(false);
            (string kind, long head) = (identity.Kind.ToWord(), identity.Log.Head.Value);
            Opened(name, kind, head, _engine.Settings.Directory);
            opened.Add(identity);
        }

        _gauges = new FlumeGauges(provider, opened);
    }

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_engine is null) return;
        _gauges?.Dispose();
        await _engine.StopAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
        Stopped(_engine.Settings.Directory);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Log {Log} ({Kind}) is open at head {Head} in {Directory}.")]
    private partial void Opened(string log, string kind, long head, string directory);

    [LoggerMessage(Level = LogLevel.Information, Message = "The engine in {Directory} has stopped.")]
    private partial void Stopped(string directory);
}
