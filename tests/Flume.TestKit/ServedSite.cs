using System.Net;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Flume.Actors;
using Flume.Host.Http;
using Flume.Host.Serving;
using Flume.Log;
using Flume.Ssb.Api;
using Xunit;

namespace Flume.TestKit;

/// <summary>A real server on a free port of the loopback interface, with one identity called <c>alice</c>.</summary>
internal sealed class ServedSite : IIdentities, IAsyncDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("flume-http-").FullName;
    private readonly OffsetLog _log;
    private readonly List<string> _made = [];
    private HttpServer _server = null!;

    private ServedSite(Func<IIdentities, ServerContext> make)
    {
        _log = OffsetLog.Open(Path.Combine(_directory, "log.offset"));
        Alice = new FakeIdentity("alice", _log);
        ServerContext = make(this);
    }

    /// <summary>The limits of the built-in flume.conf.</summary>
    public static HttpLimits Limits { get; } = HttpSettings.Read(FlumeSettings.Load().Reader).Limits;

    public FakeIdentity Alice { get; }

    public ServerContext ServerContext { get; }

    public HttpClient Client { get; private set; } = null!;

    public static Task<ServedSite> StartAsync(HttpLimits? limits = null, params ApiMethod[] methods) =>
        StartAsync(served => new ServerContext(served, new ApiTable(methods), limits ?? Limits));

    public static async Task<ServedSite> StartAsync(Func<IIdentities, ServerContext> make)
    {
        ServedSite served = new(make);
        served._server = await HttpServer.StartAsync(served.ServerContext, new IPEndPoint(IPAddress.Loopback, 0), Endpoints.Map);
        served.Client = new HttpClient { BaseAddress = served._server.Address, Timeout = TimeSpan.FromSeconds(30) };
        return served;
    }

    /// <summary>Every route that the server mapped.</summary>
    public IEnumerable<(string Method, string Pattern)> Routes => _server.Routes;

    /// <summary>Starts the server's stop; completes when it has stopped.</summary>
    public Task StopAsync() => _server.StopAsync();

    public void Append(params string[] payloads)
    {
        foreach (string payload in payloads) _log.Append(Encoding.UTF8.GetBytes(payload), Durability.Os);
    }

    public Task<HttpResponseMessage> PostAsync(string path, string body, string type = "application/x-ndjson") =>
        Client.PostAsync(path, new ByteArrayContent(Encoding.UTF8.GetBytes(body))
        {
            Headers = { ContentType = MediaTypeHeaderValue.Parse(type) },
        });

    /// <summary>The problem document of a response. Its type and status are checked.</summary>
    public static async Task<JsonElement> ProblemAsync(HttpResponseMessage response, string type, int status)
    {
        string body = await response.Content.ReadAsStringAsync();
        Assert.True("application/problem+json" == response.Content.Headers.ContentType?.MediaType, body);
        JsonElement problem = JsonDocument.Parse(body).RootElement;
        Assert.Equal($"/problems/{type}", problem.GetProperty("type").GetString());
        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(status, problem.GetProperty("status").GetInt32());
        Assert.NotEmpty(problem.GetProperty("title").GetString()!);
        Assert.NotEmpty(problem.GetProperty("detail").GetString()!);
        return problem;
    }

    public ValueTask<IReadOnlyList<string>> NamesAsync(CancellationToken cancel) => new(["alice", .. _made]);

    public ValueTask<IIdentity?> FindAsync(string name, CancellationToken cancel) =>
        new(name == "alice" ? Alice : _made.Contains(name) ? new FakeIdentity(name, _log) : null);

    public ValueTask<IIdentity> CreateAsync(string name, IdentityKind? kind, CancellationToken cancel)
    {
        if (name == "alice") throw new IdentityRejectedException("There is an identity 'alice' already.");
        _made.Add(name);
        return new(new FakeIdentity(name, _log));
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _server.StopAsync();
        await _server.DisposeAsync();
        ServerContext.Dispose();
        _log.Dispose();
        Directory.Delete(_directory, recursive: true);
    }
}
