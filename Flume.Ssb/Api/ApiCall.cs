using Flume.Log;
using Flume.Query.Json;

namespace Flume.Ssb.Api;

/// <summary>One call of an API method: the target identity, the arguments and the cancellation.</summary>
public sealed record ApiCall(IIdentity Identity, JsArray Args, CancellationToken Cancelled)
{
    /// <summary>The minimum freshness of the views that the call reads. The default is flumedb's guarantee.</summary>
    public ReadFreshness Freshness { get; init; } = ReadFreshness.Fresh;

    /// <summary>Called once with the since of the snapshot, before the first result.</summary>
    public Action<ViewRead>? OnRead { get; init; }

    /// <summary>
    /// The log's head at the start of the call, for transports that keep the order of calls; null elsewhere. Later
    /// appends are new to the call, even if its work starts after them.
    /// </summary>
    public Offset? HeadAtStart { get; init; }

    /// <summary>
    /// The offset (exclusive) where live messages start, after a snapshot up to <paramref name="since"/>. It is since
    /// if <paramref name="old"/> messages were read. Otherwise it is the head at the start of the call, if that is
    /// lower.
    /// </summary>
    public Offset LiveAfter(Offset since, bool old) => !old && HeadAtStart < since ? HeadAtStart.Value : since;

    /// <summary>
    /// Awaited before live messages are given, for transports that answer a write before the messages that it causes.
    /// </summary>
    public Func<Task>? BeforeLive { get; init; }

    /// <summary>The argument at <paramref name="index"/>, undefined when there are fewer.</summary>
    public JsValue Arg(int index) => index < Args.Count ? Args[index] : JsValue.Undefined;

    /// <summary>Leases a snapshot of a view with the call's freshness and reports it to <see cref="OnRead"/>.</summary>
    public async ValueTask<ViewRead> ReadAsync(string view)
    {
        ViewRead read = await Identity.ReadAsync(view, Freshness, Cancelled).ConfigureAwait(false);
        OnRead?.Invoke(read);
        return read;
    }
}
