using System.Collections.Concurrent;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Event;

namespace Akka.Actor;

/// <summary>A running system.</summary>
/// <remarks>
/// 1. Ends in this order: /user, the loggers, /system, what was registered on termination, scheduler, dispatchers'
///    threads.
/// 2. Each extension is made once, by whoever asks first.
/// </remarks>
internal sealed class ActorSystemImpl : ExtendedActorSystem
{
    private readonly ConcurrentDictionary<Type, Lazy<object>> _extensions = new();
    private readonly ConcurrentStack<Action> _onTermination = new();
    private readonly TaskCompletionSource _terminated = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Deployments _deployments;
    private long _tempNumber = -1;
    private int _isTerminating;

    public ActorSystemImpl(string name, Config config)
    {
        if (string.IsNullOrEmpty(name) || !char.IsAsciiLetterOrDigit(name[0])
            || name.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_')))
            throw new ArgumentException($"Could not make the actor system '{name}': a name is made of ASCII "
                + "letters, digits, - and "
                + "_, and does not start with - or _.", nameof(name));
        ArgumentNullException.ThrowIfNull(config);
        Name = name;
        Settings = new Settings(this, config);
        EventStream = new EventStream(Settings.DebugEventStream);
        EventStream.StartStdoutLogger(Settings);
        Log = new BusLogging(EventStream, $"ActorSystem({name})", typeof(ActorSystem), Settings.LogFormatter);
        Root = new RootActorRef(this, new RootActorPath(new Address("akka", name)));
        DeadLetters = new DeadLetterActorRef(this, Root.Path / "deadLetters");
        _deployments = new Deployments(Settings.Config);
        Scheduler = CreateScheduler();
        Dispatchers = new Dispatchers(Settings);
    }

    public override string Name { get; }

    public override Settings Settings { get; }

    public override EventStream EventStream { get; }

    public override IActorRef DeadLetters { get; }

    public override Dispatchers Dispatchers { get; }

    public override IScheduler Scheduler { get; }

    public override ILoggingAdapter Log { get; }

    public override Task WhenTerminated => _terminated.Task;

    public RootActorRef Root { get; }

    public bool IsTerminating => Volatile.Read(ref _isTerminating) != 0;

    public void Start()
    {
        Root.StartGuardians();
        EventStream.StartDefaultLoggers(this);
        DeadLetterListener.StartIfWanted(this);
        foreach (var extension in Settings.Config.GetStringList("akka.extensions"))
            RegisterExtension((IExtensionId)Activator.CreateInstance(Type.GetType(extension)
                ?? throw new ConfigurationException(
                $"Could not find the type '{extension}' that akka.extensions names. Write Namespace.Type, Assembly.")));
        CoordinatedShutdown.Get(this);
        if (Settings.LogConfigOnStart)
            Log.Info(Settings.ToString());
    }

    /// <summary>A ref for an actor to be started, on the dispatcher that its deployment or its props name.</summary>
    public LocalActorRef NewActorRef(Props props, IInternalActorRef parent, ActorPath path)
    {
        var id = _deployments.DispatcherOf(path) ?? props.ChosenDispatcher;
        try
        {
            var dispatcher = id == null ? Dispatchers.DefaultGlobalDispatcher : Dispatchers.Lookup(id);
            return new LocalActorRef(props, dispatcher, parent, path);
        }
        catch (Exception e) when (id != null)
        {
            throw new ConfigurationException(
                $"Configuration problem while creating {path} with dispatcher [{id}]: {e.Message}", e);
        }
    }

    public ActorPath TempPath() => Root.Path / "temp" / Base64Name.Of(Interlocked.Increment(ref _tempNumber));

    public override IActorRef ActorOf(Props props, string name = null) => Root.User.Cell.ActorOf(props, name);

    public override IActorRef SystemActorOf(Props props, string name = null) => Root.System.Cell.ActorOf(props, name);

    public override IActorRef SystemActorOf<TActor>(string name = null) => SystemActorOf(Props.Create<TActor>(), name);

    public override ActorSelection ActorSelection(ActorPath actorPath) => SelectionDelivery.Select(this, actorPath);

    public override ActorSelection ActorSelection(string actorPath) => SelectionDelivery.Select(this, Root, actorPath);

    public override void Stop(IActorRef actor)
    {
        var stopped = (IInternalActorRef)actor;
        (stopped.Parent as LocalActorRef)?.Cell.Children.WillEnd(stopped);
        stopped.Stop();
    }

    public override void RegisterOnTermination(Action code) => _onTermination.Push(code);

    public override Task Terminate()
    {
        if (Settings.CoordinatedShutdownRunByActorSystemTerminate)
            CoordinatedShutdown.Get(this).Run(CoordinatedShutdown.ActorSystemTerminateReason.Instance);
        else
            FinalTerminate();
        return WhenTerminated;
    }

    /// <summary>Ends the system without the phases of coordinated shutdown.</summary>
    public Task FinalTerminate()
    {
        if (Interlocked.Exchange(ref _isTerminating, 1) == 0)
            Root.StopUser();
        return WhenTerminated;
    }

    /// <summary>Called when the last actor has ended.</summary>
    public void FinishTermination()
    {
        while (_onTermination.TryPop(out var code))
        {
            try
            {
                code();
            }
            catch (Exception e)
            {
                Log.Error(e, "Failed to run termination callback, due to [{0}]", e.Message);
            }
        }
        (Scheduler as IDisposable)?.Dispose();
        Dispatchers.Shutdown();
        _terminated.TrySetResult();
    }

    public override object RegisterExtension(IExtensionId extension)
    {
        ArgumentNullException.ThrowIfNull(extension);
        return _extensions.GetOrAdd(extension.ExtensionType,
            static (_, args) => new Lazy<object>(() => args.extension.CreateExtension(args.system)),
            (extension, system: this)).Value;
    }

    public override object GetExtension(IExtensionId extensionId) =>
        TryGetExtension(extensionId.ExtensionType, out var extension)
        ? extension
        : null;

    public override T GetExtension<T>() => TryGetExtension<T>(out var extension) ? extension : null;

    public override bool HasExtension(Type type) => _extensions.ContainsKey(type);

    public override bool HasExtension<T>() => HasExtension(typeof(T));

    public override bool TryGetExtension(Type extensionType, out object extension)
    {
        var found = _extensions.TryGetValue(extensionType, out var made);
        extension = found ? made.Value : null;
        return found;
    }

    public override bool TryGetExtension<T>(out T extension)
    {
        var found = TryGetExtension(typeof(T), out var made);
        extension = (T)made;
        return found;
    }

    public override string ToString() => Root.Path.Address.ToString();

    private IScheduler CreateScheduler()
    {
        var type = Type.GetType(Settings.SchedulerClass) ?? throw new ConfigurationException(
            $"Could not find the scheduler '{Settings.SchedulerClass}' that akka.scheduler.implementation names.");
        return (IScheduler)Activator.CreateInstance(type, Settings.Config.GetConfig("akka.scheduler"), Log);
    }
}
