using Flume.Query.Json;

namespace Flume.Ssb.Api;

/// <summary>One method of the API table: its name, kind, scope, view and implementation.</summary>
/// <remarks>
/// Exactly one of <see cref="Call"/>, <see cref="Open"/>, <see cref="OpenBytes"/>, <see cref="Accept"/> and
/// <see cref="AcceptBytes"/> is set. A source or sink transfers either values or bytes.
/// </remarks>
public sealed class ApiMethod
{
    /// <summary>Returns one result.</summary>
    public delegate ValueTask<JsValue> AsyncCall(ApiCall call);

    /// <summary>Streams results. Disposing the enumerator or cancelling the call stops all work.</summary>
    public delegate IAsyncEnumerable<JsValue> SourceCall(ApiCall call);

    /// <summary>Consumes a stream of items and returns a result at its end.</summary>
    public delegate ValueTask<JsValue> SinkCall(ApiCall call, IAsyncEnumerable<JsValue> items);

    /// <summary>Streams non-empty pieces of bytes. Each piece is valid until the next one is requested.</summary>
    public delegate IAsyncEnumerable<ReadOnlyMemory<byte>> BytesSourceCall(ApiCall call);

    /// <summary>Consumes a stream of byte pieces and returns a result at its end.</summary>
    public delegate ValueTask<JsValue> BytesSinkCall(ApiCall call, IAsyncEnumerable<ReadOnlyMemory<byte>> pieces);

    private ApiMethod(string name, (ApiKind Kind, Scope Scope) rule, string? view, string summary)
    {
        Name = name;
        Path = name.Split('.');
        (Kind, Scope) = rule;
        View = view;
        Summary = summary;
    }

    /// <summary>The dotted name, e.g. <c>backlinks.read</c>.</summary>
    public string Name { get; }

    /// <summary>The parts of the name, as in muxrpc.</summary>
    public IReadOnlyList<string> Path { get; }

    /// <summary>The kind of the result.</summary>
    public ApiKind Kind { get; }

    /// <summary>The scope that a token needs for the call.</summary>
    public Scope Scope { get; }

    /// <summary>The view that the method reads, or null.</summary>
    public string? View { get; }

    /// <summary>One sentence for <c>help</c>: the parameters with their types, and the result.</summary>
    public string Summary { get; }

    /// <summary>True when anonymous peers may call it (docs/spec 6.1).</summary>
    public bool Anonymous { get; private set; }

    /// <summary>How its calls keep their order among the writes of one connection.</summary>
    public WriteLane Lane { get; private set; }

    /// <summary>Set for <see cref="ApiKind.Sync"/> and <see cref="ApiKind.Async"/>.</summary>
    public AsyncCall? Call { get; private init; }

    /// <summary>Set for an <see cref="ApiKind.Source"/> of values.</summary>
    public SourceCall? Open { get; private init; }

    /// <summary>Set for an <see cref="ApiKind.Source"/> of bytes.</summary>
    public BytesSourceCall? OpenBytes { get; private init; }

    /// <summary>Set for an <see cref="ApiKind.Sink"/> of values.</summary>
    public SinkCall? Accept { get; private init; }

    /// <summary>Set for an <see cref="ApiKind.Sink"/> of bytes.</summary>
    public BytesSinkCall? AcceptBytes { get; private init; }

    /// <summary>A method with one immediate result.</summary>
    public static ApiMethod Sync(string name, Scope scope, string? view, string summary, Func<ApiCall, JsValue> run) =>
        new(name, (ApiKind.Sync, scope), view, summary)
        {
            Call = call => ApiErrors.Translate(() => new ValueTask<JsValue>(run(call))),
        };

    /// <summary>A method that is synchronous for callers but reads a view.</summary>
    public static ApiMethod SyncRead(string name, Scope scope, string? view, string summary, AsyncCall run) =>
        new(name, (ApiKind.Sync, scope), view, summary) { Call = call => ApiErrors.Translate(() => run(call)) };

    /// <summary>A method with one asynchronous result.</summary>
    public static ApiMethod Async(string name, Scope scope, string? view, string summary, AsyncCall run) =>
        new(name, (ApiKind.Async, scope), view, summary) { Call = call => ApiErrors.Translate(() => run(call)) };

    /// <summary>A method that streams results.</summary>
    public static ApiMethod Source(string name, Scope scope, string? view, string summary, SourceCall run) =>
        new(name, (ApiKind.Source, scope), view, summary)
        {
            Open = call => ApiErrors.Translate(() => run(call), call.Cancelled),
        };

    /// <summary>A method that consumes a stream.</summary>
    public static ApiMethod Sink(string name, Scope scope, string? view, string summary, SinkCall run) =>
        new(name, (ApiKind.Sink, scope), view, summary)
        {
            Accept = (call, items) => ApiErrors.Translate(() => run(call, items)),
        };

    /// <summary>A method that streams bytes.</summary>
    public static ApiMethod BytesSource(string name, Scope scope, string summary, BytesSourceCall run) =>
        new(name, (ApiKind.Source, scope), null, summary) { OpenBytes = run };

    /// <summary>A method that consumes a stream of bytes.</summary>
    public static ApiMethod BytesSink(string name, Scope scope, string summary, BytesSinkCall run) =>
        new(name, (ApiKind.Sink, scope), null, summary) { AcceptBytes = run };

    /// <summary>Says that it writes, and how its calls keep their order.</summary>
    internal ApiMethod Writes(WriteLane lane)
    {
        Lane = lane;
        return this;
    }

    /// <summary>Lets anonymous peers call it too.</summary>
    internal ApiMethod ForAnyone()
    {
        Anonymous = true;
        return this;
    }
}
