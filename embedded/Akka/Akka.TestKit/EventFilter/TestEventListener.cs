using Akka.Event;
using Akka.TestKit.Internal;

namespace Akka.TestKit;

/// <summary>Logs what no filter takes. Dead letters are warnings here, so that filters can look at them too.</summary>
public class TestEventListener : DefaultLogger
{
    private readonly List<LogEventFilter> _filters = [];

    protected override bool Receive(object message)
    {
        switch (message)
        {
            case InitializeLogger initialize:
                foreach (var type in new[] { typeof(ApplyFilters), typeof(RemoveFilters), typeof(DeadLetter),
                    typeof(UnhandledMessage) })
                    initialize.LoggingBus.Subscribe(Context.Self, type);
                return base.Receive(message);
            case ApplyFilters apply:
                _filters.AddRange(apply.Filters);
                return true;
            case RemoveFilters remove:
                _filters.RemoveAll(remove.Filters.Contains);
                return true;
            case LogEvent logEvent:
                Log(logEvent);
                return true;
            case DeadLetter letter:
                Log(new Warning(letter.Recipient.Path.ToString(), letter.Recipient.GetType(), letter));
                return true;
            default:
                return true;
        }
    }

    private void Log(LogEvent logEvent)
    {
        var taken = false;
        foreach (var filter in _filters)
            taken |= filter.TryCount(logEvent);
        if (!taken)
            Print(logEvent);
    }
}
