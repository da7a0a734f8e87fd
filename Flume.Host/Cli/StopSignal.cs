using System.Runtime.InteropServices;

namespace Flume.Host.Cli;

/// <summary>Turns the first SIGTERM or Ctrl-C into an orderly stop; the second one ends the process at once.</summary>
internal sealed class StopSignal : IDisposable
{
    private readonly CancellationTokenSource asked = new();
    private readonly TaskCompletionSource signalled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly PosixSignalRegistration[] registrations;

    /// <summary>Starts to listen for signals.</summary>
    public StopSignal() => registrations =
    [
        PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal),
        PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal),
    ];

    /// <summary>Cancelled by the signal.</summary>
    public CancellationToken Token => asked.Token;

    /// <summary>Completes with the signal.</summary>
    public Task Signalled => signalled.Task;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in registrations) registration.Dispose();
        asked.Dispose();
    }

    private void OnSignal(PosixSignalContext context)
    {
        if (asked.IsCancellationRequested) return;
        context.Cancel = true;
        asked.Cancel();
        signalled.TrySetResult();
    }
}
