using System.Net.Http.Headers;
using System.Text;
using Flume.Query.Json;
using Flume.Ssb.Api;

namespace Flume.Benchmarks;

/// <summary>What is asked the latency lines: Flume in this process, or a server.</summary>
internal abstract class LatencySubject : IDisposable
{
    /// <summary>The name in the output.</summary>
    public abstract string Name { get; }

    /// <summary>A call ready to be made any number of times; it gives the number of rows.</summary>
    public abstract Func<ValueTask<long>> Prepare(string method, string args);

    public abstract void Dispose();
}

/// <summary>The API table over a directory that is read alone.</summary>
internal sealed class InProcessSubject(FrozenIdentity identity) : LatencySubject
{
    public override string Name => "flume";

    public override Func<ValueTask<long>> Prepare(string method, string args)
    {
        if (!BuiltInApi.Table.TryGet(method, out ApiMethod found)) throw new ArgumentException($"There is no method {method}.");
        JsArray parsed = JsValue.Parse(args).AsArray;
        return () => CountAsync(found, new ApiCall(identity, parsed, CancellationToken.None));
    }

    public override void Dispose() => identity.Dispose();

    private static async ValueTask<long> CountAsync(ApiMethod method, ApiCall call)
    {
        if (method.Kind != ApiKind.Source)
        {
            await method.Call!(call);
            return 1;
        }

        long rows = 0;
        await foreach (JsValue _ in method.Open!(call)) rows++;
        return rows;
    }
}

/// <summary>An identity of a running server, over one connection that stays open.</summary>
internal sealed class HttpSubject(Uri identity) : LatencySubject
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false });
    private readonly byte[] _buffer = new byte[64 * 1024];

    public override string Name => "flume-http";

    public override Func<ValueTask<long>> Prepare(string method, string args)
    {
        string name = string.Join("\",\"", method.Split('.'));
        byte[] body = Encoding.UTF8.GetBytes($"{{\"name\":[\"{name}\"],\"args\":{args}}}");
        return () => CountAsync(body);
    }

    public override void Dispose() => _http.Dispose();

    private async ValueTask<long> CountAsync(byte[] body)
    {
        using ByteArrayContent content = new(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        using HttpRequestMessage request = new(HttpMethod.Post, $"{identity.AbsoluteUri.TrimEnd('/')}/rpc") { Content = content };
        using HttpResponseMessage response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        response.EnsureSuccessStatusCode();
        using Stream stream = await response.Content.ReadAsStreamAsync();
        long rows = 0;
        for (int read = 1; read > 0;)
        {
            read = await stream.ReadAsync(_buffer);
            rows += _buffer.AsSpan(0, read).Count((byte)'\n');
        }

        return rows;
    }
}
