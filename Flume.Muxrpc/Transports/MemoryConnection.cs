using System.IO.Pipelines;

namespace Flume.Muxrpc.Transports;

/// <summary>One end of a connection inside the process: no socket, no handshake, no encryption.</summary>
internal sealed class MemoryConnection : IDuplexPipe
{
    private const int PauseBytes = 64 * 1024;

    private static readonly PipeOptions Options = new(
        pauseWriterThreshold: PauseBytes, resumeWriterThreshold: PauseBytes / 2, useSynchronizationContext: false);

    private MemoryConnection(PipeReader input, PipeWriter output) => (Input, Output) = (input, output);

    /// <inheritdoc/>
    public PipeReader Input { get; }

    /// <inheritdoc/>
    public PipeWriter Output { get; }

    /// <summary>Creates both ends.</summary>
    public static (MemoryConnection Left, MemoryConnection Right) Pair()
    {
        Pipe toRight = new(Options), toLeft = new(Options);
        return (new(toLeft.Reader, toRight.Writer), new(toRight.Reader, toLeft.Writer));
    }

    /// <summary>Ends both directions of this end.</summary>
    public async ValueTask CloseAsync()
    {
        await Output.CompleteAsync().ConfigureAwait(false);
        await Input.CompleteAsync().ConfigureAwait(false);
    }
}
