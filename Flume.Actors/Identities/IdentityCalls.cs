using Akka.Actor;
using Flume.Ssb.Api;
using static Flume.Actors.Protocol.IdentityManagerProtocol;
using static Flume.Actors.Protocol.IdentityProtocol;
using static Flume.Actors.Protocol.LogProtocol;
using static Flume.Actors.Protocol.ViewProtocol;

namespace Flume.Actors;

/// <summary>Sends requests to the actors of one identity, and maps refusals to exceptions.</summary>
/// <remarks>
/// 1. A message to an open identity goes to its log or its views directly. Any other message passes the router, which
/// opens the identity. 2. The identity may close at the same moment. A message that was surely not handled passes the
/// router then. 3. A pending call fails when the engine stops, because no answer can arrive then.
/// </remarks>
internal sealed class IdentityCalls(IdentityContext context, IActorRef router, TimeSpan answerWithin, Task stopped)
{
    private readonly string _identity = context.Name;

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
        IActorRef? direct = context.Session.Routes?.For(message);
        object answer = direct is null ? NotHandled : await AnswerAsync(direct, message).ConfigureAwait(false);
        if (answer is NotActivated or AppendRejected { Rejection: AppendRejection.Stopping })
            answer = await AnswerAsync(router, new ToIdentity(_identity, message)).ConfigureAwait(false);
        return answer switch
        {
            T expected => expected,
            AppendRejected rejected =>
                throw new AppendRejectedException(rejected.Rejection, rejected.Text) { Head = rejected.Head },
            AppendFailed failed => throw new AppendFailedException(failed.Text, failed.Cause),
            ReadRejected rejected => throw new ReadRejectedException(rejected.Rejection, rejected.Text),
            NotActivated closed => throw Closed(message, closed),
            _ => throw new InvalidOperationException($"Identity '{_identity}' answered {message} with {answer}."),
        };

        async Task<object> AnswerAsync(IActorRef actor, object envelope)
        {
            if (stopped.IsCompleted) throw Closed(message, EngineStopped);
            try
            {
                Task<object> pending = actor.Ask<object>(envelope, within, cancel);
                if (!pending.IsCompleted && await Task.WhenAny(pending, stopped).ConfigureAwait(false) == stopped)
                    throw Closed(message, EngineStopped);
                return await pending.ConfigureAwait(false);
            }
            catch (AskTimeoutException)
            {
                throw Unanswered(message, within);
            }
        }
    }

    private static readonly NotActivated NotHandled = new("", null);

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
            $"Identity '{_identity}' did not answer within {within}: the write may have happened. "
            + "Read the log before trying again.",
            cause: null)
        : new ReadRejectedException(
            ReadRejection.DeadlinePassed, $"Identity '{_identity}' did not answer within {within}. Try again.");
}
