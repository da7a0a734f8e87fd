using Flume.Log;
using Flume.Query.Json;

namespace Flume.Ssb.Api;

/// <summary>One call of an API method: who answers, the arguments, and what ends it.</summary>
public sealed record ApiCall(IIdentity Identity, JsArray Args, CancellationToken Cancelled)
{
    /// <summary>How fresh the views must be that the call reads; the default is the flumedb promise.</summary>
    public ReadFreshness Freshness { get; init; } = ReadFreshness.Fresh;

    /// <summary>Told once with the since of the snapshot that answers, before the first answer.</summary>
    public Action<ViewRead>? OnRead { get; init; }

    /// <summary>
    /// The log's head when the call came in, for transports on which a caller may rely on the order of its calls; null
    /// elsewhere. What is appended later is new to the call, however late its work begins.
    /// </summary>
    public Offset? HeadAtStart { get; init; }

    /// <summary>
    /// Where live messages begin (exclusive) after a snapshot up to <paramref name="since"/>: right behind it when
    /// <paramref name="old"/> messages were read from it, else behind what was there when the call came in.
    /// </summary>
    public Offset LiveAfter(Offset since, bool old) => !old && HeadAtStart < since ? HeadAtStart.Value : since;

    /// <summary>
    /// Awaited before live messages are given, for transports that answer a write before the messages that it causes.
    /// </summary>
    public Func<Task>? BeforeLive { get; init; }

    /// <summary>The argument at <paramref name="index"/>, undefined when there are fewer.</summary>
    public JsValue Arg(int index) => index < Args.Count ? Args[index] : JsValue.Undefined;

    /// <summary>Leases a snapshot of a view as fresh as the call asks, and tells <see cref="OnRead"/> of it.</summary>
    public async ValueTask<ViewRead> ReadAsync(string view)
    {
        ViewRead read = await Identity.ReadAsync(view, Freshness, Cancelled).ConfigureAwait(false);
        OnRead?.Invoke(read);
        return read;
    }
}
