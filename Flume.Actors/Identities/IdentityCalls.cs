using Akka.Actor;
using Flume.Ssb.Api;
using static Flume.Actors.Protocol.IdentityProtocol;
using static Flume.Actors.Protocol.LogProtocol;
using static Flume.Actors.Protocol.IdentityManagerProtocol;
using static Flume.Actors.Protocol.ViewProtocol;

namespace Flume.Actors;

/// <summary>Sends requests to one identity through its router, and maps refusals to exceptions.</summary>
/// <remarks>A pending call fails when the engine stops, because no answer can arrive then.</remarks>
internal sealed class IdentityCalls(string identity, IActorRef router, TimeSpan answerWithin, Task stopped)
{
    /// <summary>Sends a request and waits for its answer, up to the configured limit.</summary>
    public ValueTask<T> AskAsync<T>(object message, CancellationToken cancel) =>
        AskAsync<T>(message, answerWithin, cancel);

    /// <summary>Sends a request and waits for an answer of the expected type.</summary>
    /// <exception cref="AppendRejectedException">Nothing was written.</exception>
    /// <exception cref="AppendFailedException">The write failed, or an append got no answer in time.</exception>
    /// <exception cref="ReadRejectedException">The read is refused, or no answer arrived in time.</exception>
    /// <exception cref="IdentityRejectedException">The identity is not open.</exception>
    public async ValueTask<T> AskAsync<T>(object message, TimeSpan within, CancellationToken cancel)
    {
        object answer;
        try
        {
            if (stopped.IsCompleted) throw Closed(message, EngineStopped);
            Task<object> pending = router.Ask<object>(new ToIdentity(identity, message), within, cancel);
            bool hasStopped = !pending.IsCompleted
                && await Task.WhenAny(pending, stopped).ConfigureAwait(false) == stopped;
            if (hasStopped) throw Closed(message, EngineStopped);
            answer = await pending.ConfigureAwait(false);
        }
        catch (AskTimeoutException)
        {
            throw Unanswered(message, within);
        }

        return answer switch
        {
            T expected => expected,
            AppendRejected rejected => throw new AppendRejectedException(rejected.Rejection, rejected.Text),
            AppendFailed failed => throw new AppendFailedException(failed.Text, failed.Cause),
            ReadRejected rejected => throw new ReadRejectedException(rejected.Rejection, rejected.Text),
            NotActivated closed => throw Closed(message, closed),
            _ => throw new InvalidOperationException($"Identity '{identity}' answered {message} with {answer}."),
        };
    }

    private static readonly NotActivated EngineStopped = new("The engine has stopped; start it again.", null);

    private static Exception Closed(object message, NotActivated closed) => message switch
    {
        Append or Delete => new AppendRejectedException(
            closed.Cause is null ? AppendRejection.Stopping : AppendRejection.ReadOnly, closed.Text),
        AwaitSince when closed.Cause is null => new ReadRejectedException(ReadRejection.Stopping, closed.Text),
        _ => new IdentityRejectedException(closed.Text, closed.Cause),
    };

    /// <summary>The error of a call without an answer.</summary>
    public Exception Unanswered(object message, TimeSpan within) => message is Append or Delete
        ? new AppendFailedException(
            $"Identity '{identity}' did not answer within {within}: the write may have happened. "
            + "Read the log before trying again.",
            cause: null)
        : new ReadRejectedException(
            ReadRejection.DeadlinePassed, $"Identity '{identity}' did not answer within {within}. Try again.");
}
