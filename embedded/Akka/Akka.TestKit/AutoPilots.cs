using Akka.Actor;

namespace Akka.TestKit;

/// <summary>Answers what a test actor gets, beside its being queued.</summary>
public abstract class AutoPilot
{
    public static NoAutoPilot NoAutoPilot => NoAutoPilot.Instance;

    public static KeepRunning KeepRunning => KeepRunning.Instance;

    /// <summary>Handles a message and says who handles the next.</summary>
    public abstract AutoPilot Run(IActorRef sender, object message);
}

/// <summary>Nobody handles the next message.</summary>
public sealed class NoAutoPilot : AutoPilot
{
    public static NoAutoPilot Instance = new();

    private NoAutoPilot()
    {
    }

    public override AutoPilot Run(IActorRef sender, object message) => this;
}

/// <summary>The same pilot handles the next message.</summary>
public sealed class KeepRunning : AutoPilot
{
    public static KeepRunning Instance = new();

    private KeepRunning()
    {
    }

    public override AutoPilot Run(IActorRef sender, object message) =>
        throw new InvalidOperationException("KeepRunning says that another pilot goes on; it handles no message "
            + "itself.");
}

/// <summary>Handles a message and says who handles the next.</summary>
public delegate AutoPilot AutoPilotDelegate(IActorRef sender, object message);

/// <summary>A pilot that is a function.</summary>
public sealed class DelegateAutoPilot : AutoPilot
{
    private readonly AutoPilotDelegate _autoPilotDelegate;

    public DelegateAutoPilot(AutoPilotDelegate autoPilotDelegate)
    {
        _autoPilotDelegate = autoPilotDelegate;
    }

    public override AutoPilot Run(IActorRef sender, object message) => _autoPilotDelegate(sender, message);
}
