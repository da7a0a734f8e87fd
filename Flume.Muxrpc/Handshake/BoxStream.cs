using System.IO.Pipelines;

namespace Flume.Muxrpc.Handshake;

/// <summary>The plain side of an encrypted connection.</summary>
/// <remarks>
/// Both directions hold little: what is not read stops decrypting and so the peer; what the peer does not read stops
/// whoever writes. Once disposed, nothing touches the connection any more.
/// </remarks>
internal sealed class BoxStream : IDuplexPipe, IAsyncDisposable
{
    private const int PauseBytes = 64 * 1024;

    private static readonly TimeSpan EndWithin = TimeSpan.FromSeconds(2);

    private static readonly PipeOptions Options = new(
        pauseWriterThreshold: PauseBytes, resumeWriterThreshold: PauseBytes / 2, useSynchronizationContext: false);

    private readonly Pipe _received = new(Options);
    private readonly Pipe _sent = new(Options);
    private readonly CancellationTokenSource _closing;
    private readonly Task _reading;
    private readonly Task _writing;

    /// <summary>Begins to encrypt and decrypt.</summary>
    /// <param name="connection">The connection behind the handshake.</param>
    /// <param name="keys">What the handshake gave.</param>
    /// <param name="closed">Cancelled when the connection is gone.</param>
    /// <param name="askForRest">Called when a part of the peer's message waits for the other; null for nothing.</param>
    public BoxStream(
        IDuplexPipe connection, SessionKeys keys, CancellationToken closed, Action? askForRest = null)
    {
        _closing = CancellationTokenSource.CreateLinkedTokenSource(closed);
        _reading = ReadAsync(connection.Input, new BoxReader(keys, askForRest), _closing.Token);
        _writing = WriteAsync(connection.Output, keys, _closing.Token);
    }

    /// <inheritdoc/>
    public PipeReader Input => _received.Reader;

    /// <inheritdoc/>
    public PipeWriter Output => _sent.Writer;

    /// <summary>Sends what was written and the end of the stream, then stops.</summary>
    public async ValueTask DisposeAsync()
    {
        await Output.CompleteAsync().ConfigureAwait(false);
        _closing.CancelAfter(EndWithin);
        await _writing.ConfigureAwait(false);
        await _closing.CancelAsync().ConfigureAwait(false);
        await _reading.ConfigureAwait(false);
        await Input.CompleteAsync().ConfigureAwait(false);
        _closing.Dispose();
    }

    private async Task ReadAsync(PipeReader input, BoxReader reader, CancellationToken closed)
    {
        Exception? failure = null;
        try
        {
            await reader.RunAsync(input, _received.Writer, closed).ConfigureAwait(false);
        }
        catch (Exception error) when (error is IOException or OperationCanceledException)
        {
            failure = error;
        }

        await _received.Writer.CompleteAsync(failure).ConfigureAwait(false);
    }

    private async Task WriteAsync(PipeWriter output, SessionKeys keys, CancellationToken closed)
    {
        Exception? failure = null;
        try
        {
            await new BoxWriter(keys).RunAsync(_sent.Reader, output, closed).ConfigureAwait(false);
        }
        catch (Exception error) when (error is IOException or OperationCanceledException)
        {
            failure = error;
        }

        await _sent.Reader.CompleteAsync(failure).ConfigureAwait(false);
    }
}
