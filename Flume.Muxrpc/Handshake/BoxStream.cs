using System.IO.Pipelines;

namespace Flume.Muxrpc.Handshake;

/// <summary>The plain side of an encrypted connection.</summary>
/// <remarks>
/// Both directions buffer little. If this side does not read, decryption stops and the peer blocks. If the peer does
/// not read, writers of this side block. After disposal, the stream does not use the connection.
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

    /// <summary>Starts encryption and decryption.</summary>
    /// <param name="connection">The connection after the handshake.</param>
    /// <param name="keys">The session keys of the handshake.</param>
    /// <param name="closed">Cancelled when the connection is closed.</param>
    /// <param name="askForRest">
    /// Called when only a part of the peer's message was received; null if not needed.
    /// </param>
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

    /// <summary>Sends the written bytes and the end of the stream, then stops.</summary>
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
