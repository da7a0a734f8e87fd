using Akka.Actor.Internal;
using Akka.Configuration;
using Akka.Event;

namespace Akka.Actor;

/// <summary>Ends a system in phases, each after those that it depends on, each with a time limit.</summary>
/// <remarks>
/// 1. Runs once: whoever asks later gets the same task.
/// 2. The tasks of a phase run side by side; a phase that may recover ends even if they fail or take too long.
/// </remarks>
public sealed partial class CoordinatedShutdown : IExtension
{
    public const string PhaseBeforeServiceUnbind = "before-service-unbind";
    public const string PhaseServiceUnbind = "service-unbind";
    public const string PhaseServiceRequestsDone = "service-requests-done";
    public const string PhaseServiceStop = "service-stop";
    public const string PhaseBeforeClusterShutdown = "before-cluster-shutdown";
    public const string PhaseClusterShardingShutdownRegion = "cluster-sharding-shutdown-region";
    public const string PhaseClusterLeave = "cluster-leave";
    public const string PhaseClusterExiting = "cluster-exiting";
    public const string PhaseClusterExitingDone = "cluster-exiting-done";
    public const string PhaseClusterShutdown = "cluster-shutdown";
    public const string PhaseBeforeActorSystemTerminate = "before-actor-system-terminate";
    public const string PhaseActorSystemTerminate = "actor-system-terminate";

    private readonly ActorSystemImpl _system;
    private readonly ShutdownPhases _phases;
    private readonly ILoggingAdapter _log;
    private readonly Dictionary<string, List<(string Name, Func<Task<Done>> Task)>> _tasks = [];
    private readonly TaskCompletionSource<Done> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Reason _reason;

    internal CoordinatedShutdown(ActorSystemImpl system)
    {
        _system = system;
        _log = Logging.GetLogger(system, typeof(CoordinatedShutdown));
        _phases = new ShutdownPhases(system.Settings.Config.GetConfig("akka.coordinated-shutdown"));
    }

    public ExtendedActorSystem System => _system;

    /// <summary>Why the shutdown runs; null before it does.</summary>
    public Reason ShutdownReason => Volatile.Read(ref _reason);

    /// <summary>The time limits of all phases that have tasks.</summary>
    public TimeSpan TotalTimeout
    {
        get
        {
            lock (_tasks)
                return _tasks.Keys.Aggregate(TimeSpan.Zero, (sum, phase) => sum + Timeout(phase));
        }
    }

    public static CoordinatedShutdown Get(ActorSystem sys) =>
        sys.WithExtension<CoordinatedShutdown, CoordinatedShutdownExtension>();

    /// <summary>Adds a task to a phase. Added to one that has run, it never runs.</summary>
    /// <exception cref="ConfigurationException">There is no such phase.</exception>
    public void AddTask(string phase, string taskName, Func<Task<Done>> task)
    {
        if (!_phases.IsKnown(phase))
            throw new ConfigurationException($"Unknown phase [{phase}], known phases "
                + $"[{string.Join(",", _phases.Ordered)}]. "
                + "All phases (along with their optional dependencies) must be defined in configuration.");
        lock (_tasks)
        {
            if (!_tasks.TryGetValue(phase, out var tasks))
                _tasks[phase] = tasks = [];
            tasks.Add((taskName, task));
        }
    }

    /// <summary>Runs the phases, all or from one on. Completes when the last one has.</summary>
    public Task<Done> Run(Reason reason, string fromPhase = null)
    {
        if (Interlocked.CompareExchange(ref _reason, reason, null) == null)
            _ = RunPhases(fromPhase);
        return _done.Task;
    }

    /// <summary>The time limit of a phase.</summary>
    public TimeSpan Timeout(string phase) => _phases.IsDefined(phase)
        ? _phases[phase].Timeout
        : throw new ArgumentException($"Unknown phase [{phase}]. All phases must be defined in configuration.");

    private async Task RunPhases(string fromPhase)
    {
        try
        {
            await Task.Yield();
            foreach (var phase in _phases.Ordered.SkipWhile(p => fromPhase != null && p != fromPhase))
                await RunPhase(phase).ConfigureAwait(false);
            _done.SetResult(Done.Instance);
        }
        catch (Exception e)
        {
            _done.SetException(e);
        }
    }

    private async Task RunPhase(string phase)
    {
        (string Name, Func<Task<Done>> Task)[] tasks;
        lock (_tasks)
        {
            if (!_tasks.TryGetValue(phase, out var added))
                return;
            tasks = [.. added];
        }
        var (timeout, recover) = (_phases[phase].Timeout, _phases[phase].Recover);
        _log.Debug("Performing phase [{0}] with [{1}] tasks.", phase, tasks.Length);
        var all = Task.WhenAll(tasks.Select(t => RunTask(phase, t.Name, t.Task, recover)));
        try
        {
            await all.WaitAsync(timeout).ConfigureAwait(false);
        }
        catch (TimeoutException) when (!all.IsCompleted)
        {
            if (!recover)
                throw new TimeoutException($"Coordinated shutdown phase[{phase}] timed out after {timeout}");
            _log.Warning("Coordinated shutdown phase [{0}] timed out after {1}", phase, timeout);
        }
    }

    private async Task RunTask(string phase, string name, Func<Task<Done>> task, bool recover)
    {
        try
        {
            await task().ConfigureAwait(false);
        }
        catch (Exception e) when (recover)
        {
            _log.Warning("Task [{0}] failed in phase [{1}]: {2}", name, phase, e.Message);
        }
    }
}

/// <summary>
/// Makes the coordinated shutdown of a system, and lets it end the system and run when the process ends.
/// </summary>
public sealed class CoordinatedShutdownExtension : ExtensionIdProvider<CoordinatedShutdown>
{
    public override CoordinatedShutdown CreateExtension(ExtendedActorSystem system)
    {
        var impl = (ActorSystemImpl)system;
        var shutdown = new CoordinatedShutdown(impl);
        var config = impl.Settings.Config.GetConfig("akka.coordinated-shutdown");
        var exit = config.GetBoolean("exit-clr");
        if (config.GetBoolean("terminate-actor-system") || exit)
            shutdown.AddTask(CoordinatedShutdown.PhaseActorSystemTerminate, "terminate-system", () =>
                End(impl, config, exit));
        if (config.GetBoolean("run-by-clr-shutdown-hook"))
            RunAtProcessExit(impl, shutdown);
        return shutdown;
    }

    private static async Task<Done> End(ActorSystemImpl system, Config config, bool exit)
    {
        if (config.GetBoolean("terminate-actor-system"))
            await system.FinalTerminate().ConfigureAwait(false);
        if (exit)
            Environment.Exit(0);
        return Done.Instance;
    }

    private static void RunAtProcessExit(ActorSystemImpl system, CoordinatedShutdown shutdown)
    {
        void AtExit(object sender, EventArgs args)
        {
            if (!system.WhenTerminated.IsCompleted)
                shutdown.Run(CoordinatedShutdown.ClrExitReason.Instance).Wait(shutdown.TotalTimeout);
        }

        AppDomain.CurrentDomain.ProcessExit += AtExit;
        system.WhenTerminated.ContinueWith(_ => AppDomain.CurrentDomain.ProcessExit -= AtExit, TaskScheduler.Default);
    }
}
