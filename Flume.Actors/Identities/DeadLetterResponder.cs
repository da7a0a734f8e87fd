using Akka.Actor;
using Akka.Event;
using Flume.Actors.Protocol;
using Flume.Ssb.Api;
using static Flume.Actors.Protocol.IdentityProtocol;

namespace Flume.Actors;

/// <summary>
/// Answers callers whose message reached a stopped actor, so that they do not wait for their deadline.
/// </summary>
/// <remarks>
/// A dead letter was never processed, so a lost append wrote nothing. Answers that arrive late are ignored.
/// </remarks>
internal sealed class DeadLetterResponder : ReceiveActor
{
    public DeadLetterResponder() => Receive<DeadLetter>(OnDeadLetter, letter => ExpectsAnswer(letter.Message));

    /// <summary>The answer to a command that took effect while the journal failed.</summary>
    public static ViewOutcome NotStored(ViewOutcome done) => done with
    {
        IsStored = false,
        Text = done.Text + "; the journal has not stored this, so it is lost if the process ends soon",
    };

    /// <inheritdoc/>
    protected override void PreStart() => Context.System.EventStream.Subscribe(Self, typeof(DeadLetter));

    /// <inheritdoc/>
    protected override void PostStop() => Context.System.EventStream.Unsubscribe(Self, typeof(DeadLetter));

    private static bool ExpectsAnswer(object message) =>
        message is IdentityManagerProtocol.ToIdentity or ViewProtocol.IForView or ViewProtocol.GetStatus or Activate
            or LogProtocol.Append or LogProtocol.Delete or LogProtocol.Reopen or LogProtocol.GetLogStatus
            or ViewStateProtocol.PersistOperatorState or RegisteredProtocol.StoreDefinition;

    private static void OnDeadLetter(DeadLetter letter)
    {
        object? answer = letter.Message switch
        {
            ViewStateProtocol.PersistOperatorState { Answer: ViewOutcome done } => NotStored(done),
            ViewStateProtocol.PersistOperatorState => null,
            RegisteredProtocol.StoreDefinition store => new RegisteredProtocol.StoreFailed(
                store.View, "The journal failed and restarts after a delay. Try again in a few seconds."),
            var message => new NotActivated(
                $"{message.GetType().Name} was not processed, because " +
                $"{letter.Recipient.Path.ToStringWithoutAddress()} has stopped. Nothing was done. Try again.", null),
        };
        if (answer is not null) letter.Sender.Tell(answer);
    }
}
