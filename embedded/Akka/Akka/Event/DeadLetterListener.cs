using Akka.Actor;

namespace Akka.Event;

/// <summary>Logs dead letters, as many as the settings allow, then pauses.</summary>
public class DeadLetterListener : ActorBase
{
    private readonly Settings _settings = Context.System.Settings;
    private int _count;
    private TimeSpan? _pausedUntil;

    internal static void StartIfWanted(ActorSystemImpl system)
    {
        if (system.Settings.LogDeadLetters > 0)
            system.SystemActorOf<DeadLetterListener>("deadLetterListener");
    }

    protected override void PreStart()
    {
        foreach (var type in new[] { typeof(DeadLetter), typeof(Dropped), typeof(UnhandledMessage) })
            Context.System.EventStream.Subscribe(Self, type);
    }

    protected override void PostRestart(Exception reason)
    {
    }

    protected override bool Receive(object message)
    {
        if (message is not AllDeadLetters letter)
            return false;
        var system = (ActorSystemImpl)Context.System;
        if (letter.Message is not IDeadLetterSuppression
            && (!system.IsTerminating || _settings.LogDeadLettersDuringShutdown))
            Count(letter);
        return true;
    }

    private void Count(AllDeadLetters letter)
    {
        _count++;
        if (_pausedUntil is { } until)
        {
            if (Context.System.Uptime < until)
                return;
            Log(letter, $", of which {_count - _settings.LogDeadLetters - 1} were not logged. The counter will be "
                + "reset now");
            _pausedUntil = null;
            _count = 0;
        }
        else if (_count == _settings.LogDeadLetters)
        {
            Log(letter, $", no more dead letters will be logged in next [{_settings.LogDeadLettersSuspendDuration}]");
            _pausedUntil = _settings.LogDeadLettersSuspendDuration < TimeSpan.Zero
                ? TimeSpan.MaxValue
                : Context.System.Uptime + _settings.LogDeadLettersSuspendDuration;
        }
        else
        {
            Log(letter, "");
        }
    }

    private void Log(AllDeadLetters letter, string ending)
    {
        var message = WrappedMessage.Unwrap(letter.Message);
        var fate = letter switch
        {
            Dropped dropped => $"was dropped. {dropped.Reason}",
            UnhandledMessage => "was unhandled",
            _ => "was not delivered",
        };
        Context.System.EventStream.Publish(new Info(letter.Recipient.Path.ToString(), letter.Recipient.GetType(),
            $"Message [{message.GetType().Name}] from {letter.Sender} to {letter.Recipient} {fate}. [{_count}] dead "
                + "letters "
            + $"encountered{ending}. 'akka.log-dead-letters' says how many are logged. Message content: {message}"));
    }
}
