using System.Net;
using System.Net.Http;
using System.Text;
using System.Text.Json;
using Flume.Host.Http;
using Flume.Host.Serving;
using Flume.Ssb.Api;
using Flume.TestKit;
using Xunit;

namespace Flume.Host.Tests;

/// <summary>Registered views over HTTP, with a running engine.</summary>
public sealed class RegisteredViewEndpointsTests
{
    private const string Types =
        """{"query":[{"$reduce":{"type":["value","content","type"],"n":{"$count":true}}}]}""";

    [Fact]
    public async Task A_query_is_registered_read_shown_and_removed()
    {
        await using Served served = await Served.StartAsync();
        await served.Rig.AppendAsync(3);
        HttpResponseMessage made = await served.PostAsync("views/types", Types);
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        Assert.Equal("/v1/alice/views/types", made.Headers.Location?.ToString());
        Assert.Equal(HttpStatusCode.OK, (await served.PostAsync("views/types", Types)).StatusCode);

        HttpResponseMessage rows = await served.Client.GetAsync("views/types/rows");
        Assert.Equal("{\"type\":\"post\",\"n\":3}\n", await rows.Content.ReadAsStringAsync());
        Assert.Equal("live", rows.Headers.GetValues("Flume-State").Single());
        JsonElement shown = await served.JsonAsync("views/types");
        Assert.Equal("declared", shown.GetProperty("kind").GetString());
        Assert.Equal(Types, shown.GetProperty("definition").GetRawText());
        JsonElement beta = await served.JsonAsync("views/beta");
        Assert.Equal("plug-in", beta.GetProperty("kind").GetString());

        Assert.Equal(HttpStatusCode.NoContent, (await served.Client.DeleteAsync("views/types")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await served.Client.GetAsync("views/types/rows")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await served.Client.DeleteAsync("views/types")).StatusCode);
    }

    [Fact]
    public async Task A_client_view_says_whom_it_waits_for_and_is_read_without_waiting()
    {
        await using Served served = await Served.StartAsync();
        await served.Rig.AppendAsync(1);
        Assert.Equal(HttpStatusCode.Created, (await served.PostAsync("views/mine", """{"version":1}""")).StatusCode);
        await served.Rig.StatusAsync("mine", status => status.WaitsFor is not null);
        JsonElement shown = await served.JsonAsync("views/mine");
        Assert.Equal("its client", shown.GetProperty("waitsFor").GetString());
        Assert.Equal("client", shown.GetProperty("kind").GetString());
        HttpResponseMessage rows = await served.Client.GetAsync("views/mine/rows?wait=false");
        Assert.Equal("", await rows.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData(50, 201)]
    [InlineData(58, 400)]
    [InlineData(500, 400)]
    public async Task A_query_that_no_reader_of_the_answers_could_read_is_refused_and_the_list_is_always_read(int depth, int status)
    {
        await using Served served = await Served.StartAsync();
        string nested = string.Concat(Enumerable.Repeat("{\"a\":", depth)) + "{\"$truthy\":true}" + new string('}', depth);
        HttpResponseMessage answer = await served.PostAsync("views/deep", $"{{\"query\":[{{\"$filter\":{nested}}}]}}");
        Assert.Equal(status, (int)answer.StatusCode);
        bool isListed = (await served.JsonAsync("views")).GetProperty("views").EnumerateArray()
            .Any(view => view.GetProperty("name").GetString() == "deep");
        Assert.Equal(status == 201, isListed);
    }

    [Theory]
    [InlineData("views/x", """{"query":5}""", "bad-parameter", 400)]
    [InlineData("views/x", """{}""", "bad-parameter", 400)]
    [InlineData("views/X", """{"query":[]}""", "bad-parameter", 400)]
    [InlineData("views/x", """{"version":0}""", "bad-parameter", 400)]
    [InlineData("views/x", "no json", "bad-body", 400)]
    [InlineData("views/alpha", """{"query":[]}""", "view-refused", 409)]
    [InlineData("views/x?limit=5", """{"query":[]}""", "bad-parameter", 400)]
    public async Task What_is_no_registration_is_refused_with_a_problem(
        string path, string body, string type, int status)
    {
        await using Served served = await Served.StartAsync();
        await ServedSite.ProblemAsync(await served.PostAsync(path, body), type, status);
    }

    private sealed class Served : IIdentities, IAsyncDisposable
    {
        private HttpServer _server = null!;
        private ServerContext _site = null!;

        public EngineRig Rig { get; } = new();

        public HttpClient Client { get; private set; } = null!;

        public static async Task<Served> StartAsync()
        {
            Served served = new();
            await served.Rig.StartAsync();
            served._site = new ServerContext(served, BuiltInApi.Table, ServedSite.Limits);
            served._server = await HttpServer.StartAsync(served._site, new IPEndPoint(IPAddress.Loopback, 0), Endpoints.Map);
            Uri at = new(served._server.Address, "/v1/alice/");
            served.Client = new HttpClient { BaseAddress = at, Timeout = TimeSpan.FromSeconds(30) };
            return served;
        }

        public Task<HttpResponseMessage> PostAsync(string path, string body) =>
            Client.PostAsync(path, new ByteArrayContent(Encoding.UTF8.GetBytes(body)));

        public async Task<JsonElement> JsonAsync(string path) =>
            JsonDocument.Parse(await Client.GetStringAsync(path)).RootElement;

        public ValueTask<IReadOnlyList<string>> NamesAsync(CancellationToken cancel) => new(["alice"]);

        public ValueTask<IIdentity?> FindAsync(string name, CancellationToken cancel) =>
            new(name == "alice" ? Rig.Alice : null);

        public ValueTask<IIdentity> CreateAsync(string name, IdentityKind? kind, CancellationToken cancel) =>
            throw new NotSupportedException();

        public async ValueTask DisposeAsync()
        {
            Client.Dispose();
            await _server.StopAsync();
            await _server.DisposeAsync();
            _site.Dispose();
            await Rig.DisposeAsync();
        }
    }
}
