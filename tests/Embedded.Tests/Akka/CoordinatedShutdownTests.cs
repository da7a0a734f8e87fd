using System.Collections.Concurrent;
using Akka;
using Akka.Actor;
using Akka.Configuration;

namespace Embedded.Tests.Actors;

public sealed class CoordinatedShutdownTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    private readonly ConcurrentQueue<string> _ran = new();

    [Fact]
    public async Task Phases_run_in_the_order_of_their_dependencies_and_end_the_system()
    {
        var system = NewSystem();
        var shutdown = CoordinatedShutdown.Get(system);
        foreach (var phase in new[]
        {
            CoordinatedShutdown.PhaseBeforeActorSystemTerminate, CoordinatedShutdown.PhaseServiceStop,
            CoordinatedShutdown.PhaseBeforeServiceUnbind, CoordinatedShutdown.PhaseServiceUnbind,
            CoordinatedShutdown.PhaseServiceRequestsDone,
        })
            shutdown.AddTask(phase, "note", () => Note(phase));
        await shutdown.Run(CoordinatedShutdown.ClrExitReason.Instance).WaitAsync(s_patience);
        Assert.Equal(["before-service-unbind", "service-unbind", "service-requests-done", "service-stop",
            "before-actor-system-terminate"], _ran);
        Assert.True(system.WhenTerminated.IsCompleted);
        Assert.Same(CoordinatedShutdown.ClrExitReason.Instance, shutdown.ShutdownReason);
    }

    [Fact]
    public async Task Terminating_the_system_runs_the_phases()
    {
        var system = NewSystem();
        var shutdown = CoordinatedShutdown.Get(system);
        shutdown.AddTask(CoordinatedShutdown.PhaseServiceStop, "note", () => Note("stop"));
        await system.Terminate().WaitAsync(s_patience);
        Assert.Equal(["stop"], _ran);
        Assert.Same(CoordinatedShutdown.ActorSystemTerminateReason.Instance, shutdown.ShutdownReason);
    }

    [Fact]
    public async Task Terminating_leaves_the_phases_out_if_so_configured()
    {
        var system = NewSystem("akka.coordinated-shutdown.run-by-actor-system-terminate = off");
        CoordinatedShutdown.Get(system).AddTask(CoordinatedShutdown.PhaseServiceStop, "note", () => Note("stop"));
        await system.Terminate().WaitAsync(s_patience);
        Assert.Empty(_ran);
    }

    [Fact]
    public async Task A_shutdown_runs_once()
    {
        var system = NewSystem();
        var shutdown = CoordinatedShutdown.Get(system);
        shutdown.AddTask(CoordinatedShutdown.PhaseServiceStop, "note", () => Note("stop"));
        await Task.WhenAll(shutdown.Run(CoordinatedShutdown.ClrExitReason.Instance),
            shutdown.Run(CoordinatedShutdown.UnknownReason.Instance), system.Terminate()).WaitAsync(s_patience);
        Assert.Equal(["stop"], _ran);
        Assert.Same(CoordinatedShutdown.ClrExitReason.Instance, shutdown.ShutdownReason);
    }

    [Fact]
    public async Task A_task_that_fails_does_not_keep_the_others_from_running()
    {
        var system = NewSystem();
        var shutdown = CoordinatedShutdown.Get(system);
        shutdown.AddTask(CoordinatedShutdown.PhaseServiceUnbind, "fails", () => throw new InvalidOperationException());
        shutdown.AddTask(CoordinatedShutdown.PhaseServiceUnbind, "fails later",
            () => Task.FromException<Done>(new InvalidOperationException()));
        shutdown.AddTask(CoordinatedShutdown.PhaseServiceStop, "note", () => Note("stop"));
        await shutdown.Run(CoordinatedShutdown.ClrExitReason.Instance).WaitAsync(s_patience);
        Assert.Equal(["stop"], _ran);
    }

    [Fact]
    public async Task A_phase_that_takes_too_long_is_left()
    {
        var system = NewSystem("akka.coordinated-shutdown.phases.service-unbind.timeout = 50ms");
        var shutdown = CoordinatedShutdown.Get(system);
        shutdown.AddTask(CoordinatedShutdown.PhaseServiceUnbind, "never ends", () =>
            new TaskCompletionSource<Done>().Task);
        shutdown.AddTask(CoordinatedShutdown.PhaseServiceStop, "note", () => Note("stop"));
        await shutdown.Run(CoordinatedShutdown.ClrExitReason.Instance).WaitAsync(s_patience);
        Assert.Equal(["stop"], _ran);
    }

    [Fact]
    public async Task The_tasks_of_a_phase_run_side_by_side()
    {
        var system = NewSystem();
        var shutdown = CoordinatedShutdown.Get(system);
        var (first, second) = (new TaskCompletionSource<Done>(), new TaskCompletionSource<Done>());
        shutdown.AddTask(CoordinatedShutdown.PhaseServiceStop, "first", () =>
        {
            second.TrySetResult(Done.Instance);
            return first.Task;
        });
        shutdown.AddTask(CoordinatedShutdown.PhaseServiceStop, "second", () =>
        {
            first.TrySetResult(Done.Instance);
            return second.Task;
        });
        await shutdown.Run(CoordinatedShutdown.ClrExitReason.Instance).WaitAsync(s_patience);
    }

    [Fact]
    public async Task A_phase_can_be_added_by_configuration_and_an_unknown_one_is_refused()
    {
        var system =
            NewSystem("""akka.coordinated-shutdown.phases.mine { depends-on = [service-stop], timeout = 7s }""");
        var shutdown = CoordinatedShutdown.Get(system);
        shutdown.AddTask("mine", "note", () => Note("mine"));
        shutdown.AddTask(CoordinatedShutdown.PhaseServiceStop, "note", () => Note("stop"));
        Assert.Throws<ConfigurationException>(() => shutdown.AddTask("unknown", "note", () => Note("never")));
        Assert.Equal(TimeSpan.FromSeconds(7), shutdown.Timeout("mine"));
        Assert.Equal(TimeSpan.FromSeconds(5), shutdown.Timeout(CoordinatedShutdown.PhaseServiceStop));
        await shutdown.Run(CoordinatedShutdown.ClrExitReason.Instance).WaitAsync(s_patience);
        Assert.Equal(["stop", "mine"], _ran);
    }

    [Fact]
    public async Task A_shutdown_can_start_at_a_later_phase()
    {
        var system = NewSystem();
        var shutdown = CoordinatedShutdown.Get(system);
        shutdown.AddTask(CoordinatedShutdown.PhaseServiceUnbind, "note", () => Note("unbind"));
        shutdown.AddTask(CoordinatedShutdown.PhaseBeforeActorSystemTerminate, "note", () => Note("before terminate"));
        await shutdown.Run(CoordinatedShutdown.ClrExitReason.Instance,
            CoordinatedShutdown.PhaseBeforeActorSystemTerminate)
            .WaitAsync(s_patience);
        Assert.Equal(["before terminate"], _ran);
    }

    private static ActorSystem NewSystem(string hocon = "") => ActorSystem.Create("shutdown",
        ConfigurationFactory.ParseString(hocon).WithFallback("akka { loglevel = OFF, stdout-loglevel = OFF }"));

    private Task<Done> Note(string what)
    {
        _ran.Enqueue(what);
        return Task.FromResult(Done.Instance);
    }
}
