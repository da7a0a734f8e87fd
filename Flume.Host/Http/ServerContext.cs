using Flume.Host.Http.Access;
using Flume.Host.Metrics;
using Flume.Host.Serving;
using Flume.Ssb.Api;

namespace Flume.Host.Http;

/// <summary>
/// What every endpoint works with: whom it serves, which methods, within which limits, and until when.
/// </summary>
internal sealed class ServerContext(IIdentities identities, ApiTable methods, HttpLimits limits) : IDisposable
{
    private readonly CancellationTokenSource stopping = new();

    /// <summary>The identities served.</summary>
    public IIdentities Identities { get; } = identities;

    /// <summary>The API methods served.</summary>
    public ApiTable Methods { get; } = methods;

    /// <summary>The limits of section <c>flume.http</c>.</summary>
    public HttpLimits Limits { get; } = limits;

    /// <summary>Who gets in.</summary>
    public AccessSettings Access { get; init; } = new();

    /// <summary>What is measured for whom.</summary>
    public MetricsSettings Metrics { get; init; } = new();

    /// <summary>From when on a view counts as unwell.</summary>
    public HealthSettings Health { get; init; } = new();

    /// <summary>Connections open now.</summary>
    public Slots Connections { get; } = new(int.MaxValue);

    /// <summary>Streams open now.</summary>
    public Slots Streams { get; } = new(limits.StreamsMax);

    /// <summary>Calls without an answer yet.</summary>
    public Slots Reads { get; } = new(limits.ReadsMax);

    /// <summary>Cancelled as soon as the server begins to stop: appends are refused, idle streams end.</summary>
    public CancellationToken Stopping => stopping.Token;

    /// <summary>Begins the stop.</summary>
    public void Stop() => stopping.Cancel();

    /// <summary>A lease on one open stream.</summary>
    /// <exception cref="ProblemException">All are taken.</exception>
    public IDisposable TakeStream() => Streams.TryTake() ?? throw ProblemException.Limit(
        ProblemTypes.TooManyStreams, "streams-max", Streams.Max,
        $"{Streams.Max} streams are open, and no more may be.");

    /// <summary>A lease on one call that waits for its answer.</summary>
    /// <exception cref="ProblemException">All are taken.</exception>
    public IDisposable TakeRead() => Reads.TryTake() ?? throw ProblemException.Limit(
        ProblemTypes.TooManyReads, "reads-max", Reads.Max,
        $"{Reads.Max} calls wait for their answers, and no more may.");

    /// <summary>The identity that the request's address names.</summary>
    /// <exception cref="ProblemException">There is none; the document lists those there are.</exception>
    public async ValueTask<IIdentity> IdentityAsync(HttpContext context)
    {
        string name = (string)context.Request.RouteValues["name"]!;
        IIdentity? identity = await Identities.FindAsync(name, context.RequestAborted).ConfigureAwait(false);
        if (identity is not null) return identity;

        IReadOnlyList<string> names = await Identities.NamesAsync(context.RequestAborted).ConfigureAwait(false);
        throw new ProblemException(ProblemTypes.NoSuchIdentity, $"No identity is named '{name}'.")
        {
            Expected = names.Count == 0 ? "none is here yet" : $"one of {string.Join(", ", names)}",
        };
    }

    /// <summary>Refuses what would write, once the server stops.</summary>
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
    public void Dispose() => stopping.Dispose();
}
