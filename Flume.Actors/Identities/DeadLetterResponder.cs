using Akka.Actor;
using Akka.Event;
using Flume.Actors.Protocol;
using Flume.Ssb.Api;
using static Flume.Actors.Protocol.IdentityProtocol;

namespace Flume.Actors;

/// <summary>Answers callers whose message reached an actor that had just stopped, so that none waits for its deadline.</summary>
/// <remarks>A dead letter was never handled: of an append, surely nothing was written. Late answers are nobody's question.</remarks>
internal sealed class DeadLetterResponder : ReceiveActor
{
    public DeadLetterResponder() => Receive<DeadLetter>(OnDeadLetter, letter => IsQuestion(letter.Message));

    /// <inheritdoc/>
    protected override void PreStart() => Context.System.EventStream.Subscribe(Self, typeof(DeadLetter));

    /// <inheritdoc/>
    protected override void PostStop() => Context.System.EventStream.Unsubscribe(Self, typeof(DeadLetter));

    private static bool IsQuestion(object message) =>
        message is IdentityManagerProtocol.ToIdentity or ViewProtocol.IForView or ViewProtocol.GetStatus or Activate
            or LogProtocol.Append or LogProtocol.Delete or LogProtocol.Reopen or LogProtocol.GetLogStatus
            or ViewStateProtocol.PersistOperatorState or RegisteredProtocol.StoreDefinition;

    private static void OnDeadLetter(DeadLetter letter)
    {
        object? answer = letter.Message switch
        {
            ViewStateProtocol.PersistOperatorState { Answer: ViewOutcome done } => done with
            {
                IsStored = false,
                Text = done.Text + "; this could not be stored yet, and is forgotten when the process ends before its journal works again",
            },
            ViewStateProtocol.PersistOperatorState => null,
            RegisteredProtocol.StoreDefinition store => new RegisteredProtocol.StoreFailed(
                store.View, "The journal failed a moment ago and is opened again in a while. Try again."),
            var message => new NotActivated(
                $"{message.GetType().Name} was not handled: {letter.Recipient.Path.ToStringWithoutAddress()} had just stopped. " +
                "Nothing was done; try again.", null),
        };
        if (answer is not null) letter.Sender.Tell(answer);
    }
}
