using Flume.Actors;
using Flume.Actors.Hosting;
using Flume.Ssb.Views;
using Flume.Views;
using Flume.Views.Store;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds Flume to a host.</summary>
public static class FlumeServices
{
    /// <summary>The name of the log when the options add none.</summary>
    public const string DefaultLog = "main";

    /// <summary>
    /// Adds an engine that starts and stops with the host and forwards its log lines to <see cref="ILogger"/>. Adds a
    /// <see cref="FlumeLog"/> for each log: the first one unkeyed, each one keyed by its name.
    /// </summary>
    /// <param name="services">The host's services.</param>
    /// <param name="configure">Sets the options; they are validated before the host has started.</param>
    /// <exception cref="InvalidOperationException">Flume is already added.</exception>
    public static FlumeBuilder AddFlume(this IServiceCollection services, Action<FlumeOptions>? configure = null)
    {
        if (services.Any(one => one.ServiceType == typeof(FlumeEngine)))
            throw new InvalidOperationException("Flume was added to these services already. Add all logs in one call.");
        FlumeOptions options = new();
        configure?.Invoke(options);
        if (options.Logs.Count == 0) options.AddLog(DefaultLog);
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(options);
        services.AddSingleton(StartEngine);
        foreach ((string name, _) in options.Logs)
            services.AddKeyedSingleton(name, (provider, _) => CreateLog(provider, name));
        services.AddSingleton(provider => provider.GetRequiredKeyedService<FlumeLog>(options.Logs[0].Name));
        services.AddSingleton<FlumeHealthCheck>();
        services.AddSingleton<IHostedService, FlumeHostedService>();
        return new FlumeBuilder(services);
    }

    private static FlumeLog CreateLog(IServiceProvider provider, string name) => new(
        provider.GetRequiredService<FlumeEngine>(), name,
        provider.GetRequiredService<FlumeOptions>().Logs.First(log => log.Name == name).Kind);

    private static FlumeEngine StartEngine(IServiceProvider provider)
    {
        FlumeSettings settings = provider.GetRequiredService<FlumeOptions>().ToSettings();
        ViewCatalog views = settings.LoadViews(
            new ViewCatalog([.. SsbViews.Catalog.Views, .. provider.GetServices<IView>()]));
        return FlumeEngine.Start(new EngineServices(
            settings, views, new StoreResources(settings.Store.ToLimits()), provider.GetRequiredService<TimeProvider>())
        {
            Loggers = provider.GetService<ILoggerFactory>(),
        });
    }
}

/// <summary>Adds views to an engine.</summary>
public sealed class FlumeBuilder
{
    internal FlumeBuilder(IServiceCollection services) => Services = services;

    /// <summary>The host's services.</summary>
    public IServiceCollection Services { get; }

    /// <summary>Adds a view to every log; dependency injection creates it once.</summary>
    /// <typeparam name="TView">The class of the view; it can be injected too.</typeparam>
    public FlumeBuilder AddView<TView>()
        where TView : class, IView
    {
        Services.AddSingleton<TView>();
        Services.AddSingleton<IView>(provider => provider.GetRequiredService<TView>());
        return this;
    }
}
