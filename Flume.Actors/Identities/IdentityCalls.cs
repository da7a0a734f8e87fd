using Akka.Actor;
using Flume.Ssb.Api;
using static Flume.Actors.Protocol.IdentityProtocol;
using static Flume.Actors.Protocol.LogProtocol;
using static Flume.Actors.Protocol.IdentityManagerProtocol;
using static Flume.Actors.Protocol.ViewProtocol;

namespace Flume.Actors;

/// <summary>Asks one identity through whatever routes to it, and turns refusals into their exceptions.</summary>
/// <remarks>A call that is under way when the process stops ends then; nobody waits for an answer that can't come.</remarks>
internal sealed class IdentityCalls(string identity, IActorRef router, TimeSpan answerWithin, Task stopped)
{
    /// <summary>Asks, and waits as long as any answer may take.</summary>
    public ValueTask<T> AskAsync<T>(object message, CancellationToken cancel) => AskAsync<T>(message, answerWithin, cancel);

    /// <summary>Asks, and waits for an answer of the type expected.</summary>
    /// <exception cref="AppendRejectedException">The answer is that nothing was written.</exception>
    /// <exception cref="AppendFailedException">The answer is that writing failed; or no answer came to an append.</exception>
    /// <exception cref="ReadRejectedException">The answer is that there will be no read; or no answer came in time.</exception>
    /// <exception cref="IdentityRejectedException">The identity is not open.</exception>
    public async ValueTask<T> AskAsync<T>(object message, TimeSpan within, CancellationToken cancel)
    {
        object answer;
        try
        {
            if (stopped.IsCompleted) throw Closed(message, Gone);
            Task<object> asked = router.Ask<object>(new ToIdentity(identity, message), within, cancel);
            if (!asked.IsCompleted && await Task.WhenAny(asked, stopped).ConfigureAwait(false) == stopped) throw Closed(message, Gone);
            answer = await asked.ConfigureAwait(false);
        }
        catch (AskTimeoutException)
        {
            throw Unanswered(message, within);
        }

        return answer switch
        {
            T expected => expected,
            AppendRejected rejected => throw new AppendRejectedException(rejected.Rejection, rejected.Text) { Head = rejected.Head },
            AppendFailed failed => throw new AppendFailedException(failed.Text, failed.Cause),
            ReadRejected rejected => throw new ReadRejectedException(rejected.Rejection, rejected.Text),
            NotActivated closed => throw Closed(message, closed),
            _ => throw new InvalidOperationException($"Identity '{identity}' answered {message} with {answer}."),
        };
    }

    private static readonly NotActivated Gone = new("The engine has stopped; start it again.", null);

    private static Exception Closed(object message, NotActivated closed) => message switch
    {
        Append or Delete => new AppendRejectedException(
            closed.Cause is null ? AppendRejection.Stopping : AppendRejection.ReadOnly, closed.Text),
        AwaitSince when closed.Cause is null => new ReadRejectedException(ReadRejection.Stopping, closed.Text),
        _ => new IdentityRejectedException(closed.Text, closed.Cause),
    };

    /// <summary>What a caller is told that waited in vain.</summary>
    public Exception Unanswered(object message, TimeSpan within) => message is Append or Delete
        ? new AppendFailedException(
            $"Identity '{identity}' did not answer within {within}: whether it was written is unknown. Look before trying again.",
            cause: null)
        : new ReadRejectedException(
            ReadRejection.DeadlinePassed, $"Identity '{identity}' did not answer within {within}. Try again.");
}
