using Akka.Dispatch.SysMsg;

namespace Akka.Actor;

/// <summary>The root of the tree: parent of /user and /system.</summary>
/// <remarks>
/// 1. /system is stopped when /user has ended; when /system has ended, so has the system.
/// 2. A guardian that fails takes the system down.
/// </remarks>
internal sealed class RootActorRef(ActorSystemImpl system, RootActorPath path) : MinimalActorRef
{
    public override ActorPath Path => path;

    public LocalActorRef User { get; private set; }

    public LocalActorRef System { get; private set; }

    internal override IInternalActorRef ParentRef => this;

    internal override ActorSystemImpl SystemOrNull => system;

    internal override IEnumerable<IInternalActorRef> ChildRefs => [User, System];

    public void StartGuardians()
    {
        var strategy =
            SupervisorStrategyConfigurator.CreateConfigurator(system.Settings.SupervisorStrategyClass).Create();
        System = NewGuardian("system", SupervisorStrategy.DefaultStrategy);
        User = NewGuardian("user", strategy);
    }

    public void StopUser() => User.Stop();

    internal override IInternalActorRef FindChild(string name) => name switch
    {
        "user" => User,
        "system" => System,
        "deadLetters" => (IInternalActorRef)system.DeadLetters,
        _ => ActorRefs.Nobody,
    };

    internal override void HandleSystemMessage(SystemMessage message)
    {
        switch (message)
        {
            case DeathWatchNotification death when death.Actor.Equals(User):
                system.EventStream.StopDefaultLoggers(system);
                System.Stop();
                break;
            case DeathWatchNotification death when death.Actor.Equals(System):
                system.FinishTermination();
                break;
            case Failed failed:
                system.Log.Log(Event.LogLevel.ErrorLevel, failed.Cause,
                    $"{failed.Child} failed and nobody is above it: the system terminates.");
                ((IInternalActorRef)failed.Child).Stop();
                system.FinalTerminate();
                break;
        }
    }

    protected override void TellInternal(object message, IActorRef sender) => system.DeadLetters.Tell(message, sender);

    private LocalActorRef NewGuardian(string name, SupervisorStrategy strategy)
    {
        var guardian = new LocalActorRef(Props.Create<GuardianActor>().WithSupervisorStrategy(strategy),
            system.Dispatchers.DefaultGlobalDispatcher, this, Path / name);
        guardian.Cell.Start();
        return guardian;
    }
}

/// <summary>The parent of all actors that have no other: /user or /system.</summary>
internal sealed class GuardianActor : ActorBase
{
    protected override bool Receive(object message)
    {
        Context.System.DeadLetters.Tell(new Event.DeadLetter(message, Sender, Self), Sender);
        return true;
    }

    /// <summary>Its children live on when it is restarted.</summary>
    protected override void PreRestart(Exception reason, object message)
    {
    }
}
