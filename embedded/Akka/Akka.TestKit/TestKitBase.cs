using System.Threading.Channels;
using Akka.Actor;
using Akka.Configuration;
using Akka.Event;

namespace Akka.TestKit;

/// <summary>A system with a test actor whose messages a test expects.</summary>
/// <remarks>
/// 1. <c>_end</c> is set while code runs within a time limit: expectations wait no longer than until then.
/// 2. What a test tells is sent by the test actor, unless the kit is an <see cref="INoImplicitSender"/>.
/// </remarks>
public abstract partial class TestKitBase : IActorRefFactory
{
    private static readonly Config s_defaultConfig =
        ConfigurationFactory.FromResource("Akka.TestKit.Internal.Reference.conf", typeof(TestKitBase).Assembly);
    private static int s_testActorNumber;

    private readonly ITestKitAssertions _assertions;
    private readonly Channel<MessageEnvelope> _queue = Channel.CreateUnbounded<MessageEnvelope>();
    private MessageEnvelope _lastMessage = NullMessageEnvelope.Instance;
    private TimeSpan? _end;

    protected TestKitBase(ITestKitAssertions assertions, ActorSystem system = null, string testActorName = null)
        : this(assertions, system, DefaultConfig, null, testActorName)
    {
    }

    protected TestKitBase(ITestKitAssertions assertions, Config config, string actorSystemName = null,
        string testActorName = null)
        : this(assertions, null, config, actorSystemName, testActorName)
    {
    }

    private TestKitBase(ITestKitAssertions assertions, ActorSystem system, Config config, string actorSystemName,
        string testActorName)
    {
        ArgumentNullException.ThrowIfNull(assertions);
        _assertions = assertions;
        if (system == null)
            system = ActorSystem.Create(actorSystemName ?? "test", config.SafeWithFallback(DefaultConfig));
        else
            system.Settings.InjectTopLevelFallback(DefaultConfig);
        Sys = system;
        TestKitSettings = new TestKitSettings(system.Settings.Config);
        Log = Logging.GetLogger(system, GetType());
        EventFilter = new EventFilterFactory(this);
        if (!system.Dispatchers.HasDispatcher(CallingThreadDispatcher.Id))
            system.Dispatchers.Register(CallingThreadDispatcher.Id, new CallingThreadDispatcher());
        TestActor = CreateTestActor(testActorName
            ?? $"testActor{Interlocked.Increment(ref s_testActorNumber)}", _queue.Writer);
        if (this is not INoImplicitSender)
            ActorCell.Current = ((LocalActorRef)TestActor).Cell;
        else if (this is not TestProbe)
            ActorCell.Current = null;
        if (this is not TestProbe)
            SynchronizationContext.SetSynchronizationContext(
                new ActorCellKeepingSynchronizationContext(ActorCell.Current));
    }

    public static Config DefaultConfig => s_defaultConfig;

    /// <summary>Settings that log everything the system does.</summary>
    public static Config FullDebugConfig { get; } = ConfigurationFactory.ParseString("""
        akka.loglevel = DEBUG
        akka.actor.debug { receive = on, autoreceive = on, lifecycle = on, event-stream = on, unhandled = on }
        """);

    public static TimeSpan Now => TimeSpan.FromTicks(TimeProvider.System.GetUtcNow().UtcTicks);

    public ActorSystem Sys { get; }

    public TestKitSettings TestKitSettings { get; }

    public IActorRef TestActor { get; }

    public ILoggingAdapter Log { get; }

    public EventFilterFactory EventFilter { get; }

    /// <summary>Sender of the message that was received last.</summary>
    public IActorRef LastSender => _lastMessage.Sender;

    /// <summary>The message that was received last.</summary>
    public object LastMessage => _lastMessage.Message;

    public bool HasMessages => _queue.Reader.Count > 0;

    /// <summary>What is left of the time limit; a single expectation's time outside of one.</summary>
    public TimeSpan RemainingOrDefault => RemainingOr(Dilated(TestKitSettings.SingleExpectDefault));

    /// <summary>What is left of the time limit.</summary>
    public TimeSpan Remaining => _end != null ? RemainingOr(TimeSpan.Zero) : throw new InvalidOperationException(
        "Remaining may not be called outside of \"within\"");

    /// <summary>Messages for which this is true are not received from now on.</summary>
    public void IgnoreMessages(Func<object, bool> shouldIgnoreMessage) =>
        TestActor.Tell(new TestActor.SetIgnore(m => shouldIgnoreMessage(m)));

    public void IgnoreMessages<TMsg>(Func<TMsg, bool> shouldIgnoreMessage) =>
        IgnoreMessages(m => m is TMsg message && shouldIgnoreMessage(message));

    public void IgnoreMessages<TMsg>() => IgnoreMessages(m => m is TMsg);

    public void IgnoreNoMessages() => TestActor.Tell(new TestActor.SetIgnore(null));

    public void SetAutoPilot(AutoPilot pilot) => TestActor.Tell(new TestActor.SetAutoPilot(pilot));

    /// <summary>Lets the test actor watch; it does when this returns.</summary>
    public IActorRef Watch(IActorRef actorToWatch)
    {
        WatchAsync(actorToWatch).Wait(RemainingOrDefault);
        return actorToWatch;
    }

    public async Task<IActorRef> WatchAsync(IActorRef actorToWatch)
    {
        await TestActor.Ask(new TestActor.Watch(actorToWatch), RemainingOrDefault).ConfigureAwait(false);
        return actorToWatch;
    }

    public IActorRef Unwatch(IActorRef actorToUnwatch)
    {
        UnwatchAsync(actorToUnwatch).Wait(RemainingOrDefault);
        return actorToUnwatch;
    }

    public async Task<IActorRef> UnwatchAsync(IActorRef actorToUnwatch)
    {
        await TestActor.Ask(new TestActor.Unwatch(actorToUnwatch), RemainingOrDefault).ConfigureAwait(false);
        return actorToUnwatch;
    }

    /// <summary>A duration times the configured factor.</summary>
    public TimeSpan Dilated(TimeSpan duration) => duration * TestKitSettings.TestTimeFactor;

    public TimeSpan GetTimeoutOrDefault(TimeSpan? timeout) => timeout ?? TestKitSettings.SingleExpectDefault;

    public TimeSpan RemainingOrDilated(TimeSpan? duration) =>
        duration == null ? RemainingOrDefault : Dilated(duration.Value);

    public virtual TestProbe CreateTestProbe(string name = null) => CreateTestProbe(Sys, name);

    public virtual TestProbe CreateTestProbe(ActorSystem system, string name = null) => new(system, _assertions, name);

    public EventFilterFactory CreateEventFilter(ActorSystem system) => new(this, system);

    /// <summary>Terminates the system.</summary>
    public virtual void Shutdown(TimeSpan? duration = null, bool verifySystemShutdown = false) =>
        Shutdown(Sys, duration, verifySystemShutdown);

    /// <summary>
    /// Terminates a system and waits for its end; fails, if that is to be verified, when it does not come.
    /// </summary>
    protected virtual void Shutdown(ActorSystem system, TimeSpan? duration = null, bool verifySystemShutdown = false)
    {
        var limit = duration ?? Dilated(TimeSpan.FromSeconds(5));
        if (!system.Terminate().Wait(limit) && verifySystemShutdown)
            throw new TimeoutException($"Failed to stop [{system.Name}] within [{limit}]");
    }

    protected TimeSpan RemainingOr(TimeSpan duration)
    {
        if (_end == null)
            return duration;
        var left = _end.Value - Now;
        return left < TimeSpan.Zero ? TimeSpan.Zero : left;
    }

    internal ITestKitAssertions KitAssertions => _assertions;

    /// <summary>The thread is no longer the test actor's: the next test on it has one of its own.</summary>
    internal static void LeaveTestActor()
    {
        ActorCell.Current = null;
        if (SynchronizationContext.Current is ActorCellKeepingSynchronizationContext)
            SynchronizationContext.SetSynchronizationContext(null);
    }

    private IActorRef CreateTestActor(string name, ChannelWriter<MessageEnvelope> queue) => ((ExtendedActorSystem)Sys)
        .SystemActorOf(Props.Create(() => new InternalTestActor(queue)).WithDispatcher(CallingThreadDispatcher.Id),
            name);
}
