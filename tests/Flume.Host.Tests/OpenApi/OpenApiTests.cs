using System.Net.Http;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Flume.Host.Cli;
using Flume.Host.Http.Access;
using Flume.TestKit;

namespace Flume.Host.Tests.OpenApi;

// Meters are the process's: who scrapes beside another would see its gauges.
[Collection("Metrics")]
public sealed partial class OpenApiTests
{
    [Fact]
    public async Task The_document_names_every_route_with_its_scope_and_no_other()
    {
        await using ServedSite site = await ServedSite.StartAsync();
        JsonElement document = await DocumentAsync(site);
        Assert.Equal(FlumeVersion.Own, document.GetProperty("info").GetProperty("version").GetString());
        string[] mapped = [.. site.Routes.Select(route => $"{route.Method} {Plain(route.Pattern)} {ScopeOf(route.Method, route.Pattern)}")];
        string[] described = [.. Operations(document).Select(each => $"{each.Method} {each.Path} {Scope(each.Operation)}")];
        Assert.Equal(mapped.Order(StringComparer.Ordinal), described.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_document_names_the_parameters_that_each_address_takes()
    {
        await using ServedSite site = await ServedSite.StartAsync();
        JsonElement document = await DocumentAsync(site);
        foreach ((string method, string path, JsonElement operation) in Operations(document))
        {
            string address = path.Replace("{name}", "alice").Replace("{view}", "feeds").Replace("{path}", "icon.svg")
                .Replace("{problem}", "stopping").Replace("{key}", "%25x%3D.sha256").Replace("{id}", "x");
            using HttpRequestMessage request = new(HttpMethod.Parse(method), $"{address}?nobody-reads-this=1");
            if (method == "POST") request.Content = new StringContent("{}", Encoding.UTF8, "application/json");
            using HttpResponseMessage answer = await site.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            string[] taken = (int)answer.StatusCode == 400 ? Taken(await answer.Content.ReadAsStringAsync()) : [];
            Assert.Equal(
                taken.Order(StringComparer.Ordinal), Parameters(operation, "query").Order(StringComparer.Ordinal));
            Assert.Equal(PathParts().Matches(path).Select(part => part.Groups[1].Value), Parameters(operation, "path"));
        }
    }

    [Theory]
    [InlineData("GET", "/health/live", "/health/live")]
    [InlineData("GET", "/health/ready", "/health/ready")]
    [InlineData("GET", "/health/checks", "/health/checks")]
    [InlineData("GET", "/problems", "/problems")]
    [InlineData("GET", "/problems/{problem}", "/problems/stopping")]
    [InlineData("GET", "/v1/identities", "/v1/identities")]
    [InlineData("GET", "/v1/identities/{name}", "/v1/identities/alice")]
    [InlineData("POST", "/v1/identities/{name}", "/v1/identities/bob")]
    [InlineData("GET", "/v1/{name}/log", "/v1/alice/log?limit=1")]
    [InlineData("POST", "/v1/{name}/log", "/v1/alice/log?durability=os")]
    [InlineData("GET", "/v1/{name}/peers", "/v1/alice/peers")]
    [InlineData("GET", "/v1/{name}/views", "/v1/alice/views")]
    [InlineData("GET", "/v1/{name}/views/{view}", "/v1/alice/views/feeds")]
    [InlineData("GET", "/v1/{name}/views/{view}/skipped", "/v1/alice/views/feeds/skipped")]
    [InlineData("POST", "/v1/{name}/views/rebuild", "/v1/alice/views/rebuild")]
    [InlineData("POST", "/v1/{name}/views/{view}/pause", "/v1/alice/views/feeds/pause")]
    [InlineData("GET", "/v1/{name}/views/{view}", "/v1/alice/views/none")]
    public async Task An_answer_is_as_the_document_says(string method, string path, string address)
    {
        await using ServedSite site = await ServedSite.StartAsync();
        site.Append("{\"a\":1}");
        JsonElement document = await DocumentAsync(site);
        using HttpRequestMessage request = new(HttpMethod.Parse(method), address);
        if (method == "POST") request.Content = new StringContent("{\"b\":2}\n", Encoding.UTF8, "application/x-ndjson");
        using HttpResponseMessage answer = await site.Client.SendAsync(request);

        JsonElement responses = Operations(document).Single(each => each.Method == method && each.Path == path)
            .Operation.GetProperty("responses");
        bool isNamed = responses.TryGetProperty(((int)answer.StatusCode).ToString(), out JsonElement response);
        if (!isNamed)
        {
            Assert.False(answer.IsSuccessStatusCode, $"{method} {path} answers {answer.StatusCode}, which is not described.");
            response = document.GetProperty("components").GetProperty("responses").GetProperty("Problem");
        }

        string media = answer.Content.Headers.ContentType!.MediaType!;
        JsonElement schema = response.GetProperty("content").GetProperty(media).GetProperty("schema");
        string body = (await answer.Content.ReadAsStringAsync()).Split('\n')[0];
        Assert.Null(new JsonSchema(document).Fault(schema, JsonDocument.Parse(body).RootElement));
    }

    private static async Task<JsonElement> DocumentAsync(ServedSite site) =>
        JsonDocument.Parse(await site.Client.GetStringAsync("/openapi/v1.json")).RootElement;

    private static IEnumerable<(string Method, string Path, JsonElement Operation)> Operations(JsonElement document)
    {
        foreach (JsonProperty path in document.GetProperty("paths").EnumerateObject())
        {
            foreach (JsonProperty operation in path.Value.EnumerateObject())
                yield return (operation.Name.ToUpperInvariant(), path.Name, operation.Value);
        }
    }

    private static IEnumerable<string> Parameters(JsonElement operation, string where) =>
        !operation.TryGetProperty("parameters", out JsonElement parameters) ? [] : parameters.EnumerateArray()
            .Where(parameter => parameter.GetProperty("in").GetString() == where)
            .Select(parameter => parameter.GetProperty("name").GetString()!);

    /// <summary>The parameters that a refusal of an unknown one lists.</summary>
    private static string[] Taken(string problem)
    {
        string expected = JsonDocument.Parse(problem).RootElement.TryGetProperty("expected", out JsonElement text) ? text.GetString()! : "";
        return expected.StartsWith("some of ", StringComparison.Ordinal) ? expected["some of ".Length..].Split(", ") : [];
    }

    private static string Plain(string pattern) => pattern.Replace("**", "");

    private static string Scope(JsonElement operation) =>
        operation.TryGetProperty("x-flume-scope", out JsonElement scope) ? scope.GetString()! : "none";

    private static string ScopeOf(string method, string pattern) =>
        pattern == RouteScopes.CallRoute ? "method" : Scopes.Word(RouteScopes.Of(method, pattern));

    [GeneratedRegex(@"\{(\w+)\}")]
    private static partial Regex PathParts();
}
