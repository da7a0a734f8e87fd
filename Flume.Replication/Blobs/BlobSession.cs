using System.Runtime.CompilerServices;
using Flume.Muxrpc.Calls;
using Flume.Muxrpc.Packets;
using Flume.Query.Json;
using Flume.Replication.Ebt;

namespace Flume.Replication.Blobs;

/// <summary>The exchange of wants with one peer: both sides open <c>blobs.createWants</c>.</summary>
internal sealed class BlobSession
{
    private readonly BlobExchange _exchange;
    private readonly SemaphoreSlim _work = new(0, 1);
    private readonly int _peer;
    private int _isServed;

    /// <summary>Adds a connection to the exchange.</summary>
    public BlobSession(BlobExchange exchange, string remote, MuxrpcConnection connection)
    {
        (_exchange, Remote, Connection) = (exchange, remote, connection);
        Ended = connection.Ended;
        _peer = exchange.Open(this);
    }

    /// <summary>The peer's feed id.</summary>
    public string Remote { get; }

    /// <summary>The connection.</summary>
    public MuxrpcConnection Connection { get; }

    /// <summary>Cancelled when the connection has ended.</summary>
    public CancellationToken Ended { get; }

    /// <summary>The reason of the last failed fetch; empty for none.</summary>
    public string LastError { get; set; } = "";

    /// <summary>Reads the peer's wants until the connection ends. A peer without blobs refuses the call.</summary>
    public async Task RunAsync()
    {
        try
        {
            DuplexStream stream = await Connection.OpenAsync("source", "blobs.createWants", new JsArray(), Ended)
                .ConfigureAwait(false);
            try
            {
                await foreach (Packet packet in stream.ReadAllAsync(Ended).ConfigureAwait(false))
                    _exchange.Receive(_peer, EbtPackets.Read(packet));
            }
            finally
            {
                stream.StopReading();
                if (!Ended.IsCancellationRequested) await stream.EndAsync(JsValue.True).ConfigureAwait(false);
            }
        }
        catch (RpcException error)
        {
            LastError = error.Message;
        }
    }

    /// <summary>Removes the connection from the exchange.</summary>
    public void Close() => _exchange.Close(_peer);

    /// <summary>Wakes the stream that the peer reads.</summary>
    public void Signal()
    {
        try
        {
            if (_work.CurrentCount == 0) _work.Release();
        }
        catch (SemaphoreFullException)
        {
            // Another thread signalled at the same moment.
        }
    }

    /// <summary>The stream that the peer reads: all current wants, then the changes.</summary>
    /// <exception cref="RpcException">The peer reads it already.</exception>
    public async IAsyncEnumerable<JsValue> WantsAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        if (Interlocked.Exchange(ref _isServed, 1) == 1)
            throw new RpcException("blobs.createWants is open on this connection; end it first");
        try
        {
            yield return _exchange.Take(_peer) ?? JsValue.From(new JsObject());
            while (true)
            {
                while (_exchange.Take(_peer) is { } items) yield return items;
                await _work.WaitAsync(cancel).ConfigureAwait(false);
            }
        }
        finally
        {
            Interlocked.Exchange(ref _isServed, 0);
        }
    }
}
