using Akka.Actor;
using Akka.Configuration;

namespace Akka.Persistence.Internal;

/// <summary>Calls a plugin with a time limit, and no more for a while after too many failures in a row.</summary>
/// <remarks>1. Closed while <c>_failures</c> is below the limit; once there, open until <c>_retryAt</c>, then one call
/// is let through.</remarks>
internal sealed class PluginBreaker
{
    private readonly int _failuresMax;
    private readonly TimeSpan _callTimeout;
    private readonly TimeSpan _resetTimeout;
    private readonly ITimeProvider _clock;
    private readonly Lock _lock = new();
    private int _failures;
    private TimeSpan _retryAt;

    public PluginBreaker(Config config, ITimeProvider clock)
    {
        _failuresMax = config.GetInt("circuit-breaker.max-failures");
        _callTimeout = config.GetTimeSpan("circuit-breaker.call-timeout");
        _resetTimeout = config.GetTimeSpan("circuit-breaker.reset-timeout");
        _clock = clock;
    }

    /// <exception cref="OpenPluginBreakerException">The plugin failed too often; it is not called.</exception>
    /// <exception cref="TimeoutException">The call took too long. It goes on, and its token is cancelled.</exception>
    public async Task<T> Call<T>(Func<CancellationToken, Task<T>> call)
    {
        Enter();
        using var limit = new CancellationTokenSource();
        try
        {
            var task = call(limit.Token);
            var result = task.IsCompletedSuccessfully
                ? task.Result : await task.WaitAsync(_callTimeout).ConfigureAwait(false);
            lock (_lock)
                _failures = 0;
            return result;
        }
        catch (Exception e)
        {
            if (e is TimeoutException)
                limit.Cancel();
            Count();
            throw;
        }
    }

    public Task<Done> Call(Func<CancellationToken, Task> call) => Call(async token =>
    {
        await call(token).ConfigureAwait(false);
        return Done.Instance;
    });

    private void Enter()
    {
        lock (_lock)
        {
            if (_failures < _failuresMax)
                return;
            var now = _clock.MonotonicClock;
            if (now < _retryAt)
                throw new OpenPluginBreakerException(
                    $"The plugin was not asked: it failed {_failures} times in a row. It is asked again in "
                        + $"{_retryAt - now}.");
            _retryAt = now + _resetTimeout;
        }
    }

    private void Count()
    {
        lock (_lock)
        {
            if (++_failures >= _failuresMax)
                _retryAt = _clock.MonotonicClock + _resetTimeout;
        }
    }
}

/// <summary>A plugin is not called because it failed too often.</summary>
internal sealed class OpenPluginBreakerException(string message) : AkkaException(message);
