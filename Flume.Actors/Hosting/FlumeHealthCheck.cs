using Flume.Ssb.Api;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Flume.Actors.Hosting;

/// <summary>
/// Healthy while every log accepts appends and no view is faulted; degraded while a view is rebuilding or paused. Add
/// it with <c>AddHealthChecks().AddCheck&lt;FlumeHealthCheck&gt;("flume")</c>.
/// </summary>
public sealed class FlumeHealthCheck(IServiceProvider provider, FlumeOptions options) : IHealthCheck
{
    /// <inheritdoc/>
    public async Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        List<string> unhealthy = [], degraded = [];
        Dictionary<string, object> data = [];
        foreach ((string name, _) in options.Logs)
        {
            try
            {
                FlumeLog log = provider.GetRequiredKeyedService<FlumeLog>(name);
                IIdentity identity = await log.OpenAsync(cancellationToken).ConfigureAwait(false);
                LogStatus status = await identity.LogStatusAsync(cancellationToken).ConfigureAwait(false);
                data[$"{name}.head"] = status.Head.Value;
                if (status is { IsFollowed: false, ReadOnly: { } why }) unhealthy.Add(
                    $"Log '{name}' takes no appends: {why}");
                foreach (ViewStatus view in await identity.StatusAsync(cancellationToken).ConfigureAwait(false))
                    AddFindings(name, view, (unhealthy, degraded, data));
            }
            catch (IdentityRejectedException error)
            {
                unhealthy.Add(error.Message);
            }
        }

        if (unhealthy.Count > 0)
            return new HealthCheckResult(
                context.Registration.FailureStatus, string.Join(" ", unhealthy), null, data);
        return degraded.Count > 0
            ? HealthCheckResult.Degraded(string.Join(" ", degraded), null, data)
            : HealthCheckResult.Healthy("Every log takes appends, and every view follows its log.", data);
    }

    private static void AddFindings(
        string log, ViewStatus view,
        (List<string> Unhealthy, List<string> Degraded, Dictionary<string, object> Data) into)
    {
        into.Data[$"{log}.{view.Name}.state"] = ViewWords.Of(view.State);
        into.Data[$"{log}.{view.Name}.lagSeconds"] = view.Lag.Seconds;
        string subject = $"View '{view.Name}' of log '{log}'";
        if (view.State == ViewState.Faulted)
            into.Unhealthy.Add($"{subject} is faulted at {view.Since}: {view.LastError}");
        else if (view.State is ViewState.Paused or ViewState.Rebuilding)
            into.Degraded.Add($"{subject} is {ViewWords.Of(view.State)}.");
    }
}
