using Flume.Host.Http.Access;
using Flume.Host.Metrics;
using Flume.Host.Serving;
using Flume.Log.Primitives;
using Flume.Ssb.Api;
using Microsoft.Extensions.Logging.Abstractions;

namespace Flume.Host.Http;

/// <summary>
/// The services and limits that all endpoints share.
/// </summary>
internal sealed class ServerContext(IIdentities identities, ApiTable methods, HttpLimits limits) : IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The identities that the server serves.</summary>
    public IIdentities Identities { get; } = identities;

    /// <summary>The API methods that the server offers.</summary>
    public ApiTable Methods { get; } = methods;

    /// <summary>The limits of section <c>flume.http</c>.</summary>
    public HttpLimits Limits { get; } = limits;

    /// <summary>The receivers of log lines.</summary>
    public ILoggerFactory Loggers { get; init; } = NullLoggerFactory.Instance;

    /// <summary>The access settings.</summary>
    public AccessSettings Access { get; init; } = new();

    /// <summary>The metrics settings.</summary>
    public MetricsSettings Metrics { get; init; } = new();

    /// <summary>The limits from which a view counts as unhealthy.</summary>
    public HealthSettings Health { get; init; } = new();

    /// <summary>The limit on open connections.</summary>
    public ConcurrencyLimiter Connections { get; } = new(int.MaxValue);

    /// <summary>The limit on open streams.</summary>
    public ConcurrencyLimiter Streams { get; } = new(limits.StreamsMax);

    /// <summary>The limit on calls without an answer.</summary>
    public ConcurrencyLimiter Reads { get; } = new(limits.ReadsMax);

    /// <summary>Cancelled at the start of the stop: from then on appends are refused and idle streams end.</summary>
    public CancellationToken Stopping => _stopping.Token;

    /// <summary>Completes when the identities of the start are open.</summary>
    public Task Opened => _opened.Task;

    /// <summary>Completes <see cref="Opened"/>.</summary>
    public void SetOpened() => _opened.TrySetResult();

    /// <summary>Starts the stop.</summary>
    public void Stop() => _stopping.Cancel();

    /// <summary>Takes a lease for one open stream.</summary>
    /// <exception cref="ProblemException">No lease is free.</exception>
    public IDisposable TakeStream(HttpContext context) =>
        Streams.TryTake(TokenGuard.IsOwner(context)) ?? throw ProblemException.Limit(
        ProblemTypes.TooManyStreams, "streams-max", Streams.Max,
        $"{Streams.Max} streams are open, and no more may be.");

    /// <summary>Takes a lease for one call that waits for its answer.</summary>
    /// <exception cref="ProblemException">No lease is free.</exception>
    public IDisposable TakeRead(HttpContext context) =>
        Reads.TryTake(TokenGuard.IsOwner(context)) ?? throw ProblemException.Limit(
        ProblemTypes.TooManyReads, "reads-max", Reads.Max,
        $"{Reads.Max} calls wait for their answers, and no more may.");

    /// <summary>Finds the identity that the request's address names.</summary>
    /// <exception cref="ProblemException">It does not exist; the document lists the existing identities.</exception>
    public async ValueTask<IIdentity> IdentityAsync(HttpContext context)
    {
        string name = (string)context.Request.RouteValues["name"]!;
        IIdentity? identity = await Identities.FindAsync(name, context.RequestAborted).ConfigureAwait(false);
        if (identity is not null) return identity;

        IReadOnlyList<string> names = await Identities.NamesAsync(context.RequestAborted).ConfigureAwait(false);
        throw new ProblemException(
            ProblemTypes.NoSuchIdentity, $"No identity is named '{name}'.{Spelling.Hint(name, names)}")
        {
            Expected = names.Count == 0 ? "none is here yet" : $"one of {string.Join(", ", names)}",
        };
    }

    /// <summary>Refuses a write after the stop has started.</summary>
    /// <exception cref="ProblemException">The server is stopping.</exception>
    public void RefuseWhenStopping(string what)
    {
        if (Stopping.IsCancellationRequested)
        {
            throw new ProblemException(ProblemTypes.Stopping, $"The server is stopping: {what} was refused.")
            {
                RetryAfterSeconds = 5,
            };
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _stopping.Dispose();
}
