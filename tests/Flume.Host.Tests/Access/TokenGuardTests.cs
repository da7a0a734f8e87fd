using System.Net;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Text;
using Flume.Host.Http;
using Flume.Host.Http.Access;
using Flume.Query.Json;
using Flume.Ssb.Api;
using Flume.TestKit;

namespace Flume.Host.Tests.Access;

// The process shares its meters: a concurrent scrape would see the gauges of another test.
[Collection("Metrics")]
public sealed class TokenGuardTests
{
    private static readonly string Reader = new('r', 40);
    private static readonly string Appender = new('a', 40);
    private static readonly string Both = new('b', 40);
    private static readonly string Admin = new('x', 40);

    private static readonly AccessSettings Closed = new()
    {
        OnLoopback = true,
        Tokens = Tokens.Parse([$"read {Reader}", $"append {Appender}", $"read+append {Both}", $"admin {Admin}"]),
    };

    /// <summary>Each kind of request with its scope; every request needs one.</summary>
    public static TheoryData<string, string, string> Requests => new()
    {
        { "GET", "/", "none" },
        { "GET", "/assets/js/main.js", "none" },
        { "GET", "/health/live", "none" },
        { "GET", "/health/ready", "none" },
        { "GET", "/problems", "none" },
        { "GET", "/openapi/v1.json", "none" },
        { "GET", "/health/checks", "read" },
        { "GET", "/metrics", "read" },
        { "GET", "/v1/identities", "read" },
        { "GET", "/v1/identities/alice", "read" },
        { "GET", "/v1/events", "read" },
        { "GET", "/v1/alice/log", "read" },
        { "GET", "/v1/alice/views", "read" },
        { "GET", "/v1/alice/views/feeds", "read" },
        { "GET", "/v1/alice/views/feeds/skipped", "read" },
        { "GET", "/v1/alice/blobs/x", "read" },
        { "POST", "/v1/alice/log", "append" },
        { "POST", "/v1/identities/bob", "admin" },
        { "POST", "/v1/alice/views/rebuild", "admin" },
        { "POST", "/v1/alice/views/feeds/rebuild", "admin" },
        { "POST", "/v1/alice/views/feeds/cancel", "admin" },
        { "POST", "/v1/alice/views/feeds/pause", "admin" },
        { "POST", "/v1/alice/views/feeds/resume", "admin" },
        { "POST", "/v1/alice/views/feeds/budget?share=1", "admin" },
        { "POST", "/v1/alice/views/mine", "admin" },
        { "DELETE", "/v1/alice/views/mine", "admin" },
        { "RPC", "query.read", "read" },
        { "RPC", "whoami", "read" },
        { "RPC", "publish", "append" },
        { "RPC", "createWriteStream", "append" },
        { "RPC", "del", "admin" },
    };

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task Each_request_is_let_in_by_the_tokens_that_have_its_scope_and_by_no_other(
        string method, string target, string needed)
    {
        await using ServedSite site = await ServeAsync(Closed);
        (string? Token, string[] Has)[] callers =
        [
            (null, []), ("nobody-knows-this-token-of-40-characters!", []), (Reader, ["read"]), (Appender, ["append"]),
            (Both, ["read", "append"]), (Admin, ["read", "append", "admin"]),
        ];
        foreach ((string? token, string[] has) in callers)
        {
            using HttpResponseMessage answer = await SendAsync(site, method, target, token);
            bool isIn = needed == "none" || has.Contains(needed);
            int status = (int)answer.StatusCode;
            if (isIn) Assert.True(status is not (401 or 403), $"{target} refused {string.Join('+', has)} with {status}.");
            else Assert.Equal(has.Length == 0 ? 401 : 403, status);
            if (status == 401) Assert.Equal("Bearer", answer.Headers.WwwAuthenticate.Single().Scheme);
        }
    }

    [Fact]
    public async Task Callers_of_this_machine_need_no_token_unless_it_is_configured()
    {
        await using ServedSite site = await ServeAsync(Closed with { OnLoopback = false });
        Assert.True((await site.Client.GetAsync("/v1/identities")).IsSuccessStatusCode);
        Assert.True((await SendAsync(site, "GET", "/v1/identities", "wrong")).IsSuccessStatusCode);
    }

    [Theory]
    [InlineData("Basic cnJycg==")]
    [InlineData("Bearer")]
    [InlineData("Bearer ")]
    public async Task A_header_that_carries_no_token_is_no_token(string header)
    {
        await using ServedSite site = await ServeAsync(Closed);
        using HttpRequestMessage request = new(HttpMethod.Get, "/v1/identities");
        request.Headers.TryAddWithoutValidation("Authorization", header);
        await ServedSite.ProblemAsync(await site.Client.SendAsync(request), "token-needed", 401);
    }

    [Fact]
    public async Task A_token_in_the_address_is_a_parameter_that_nobody_reads()
    {
        await using ServedSite site = await ServeAsync(Closed);
        using HttpResponseMessage answer = await site.Client.GetAsync($"/v1/identities?token={Admin}");
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Fact]
    public void Every_method_of_the_table_was_judged()
    {
        string[] changes =
        [
            "add", "blobs.add", "blobs.push", "blobs.rm", "conn.connect", "conn.start", "conn.stop", "createWriteStream", "del",
            "flume.append", "flume.confirmRestore", "flume.del", "friends.block", "friends.follow", "gossip.connect",
            "private.publish", "publish", "rebuild", "views.commit", "views.register", "views.remove",
        ];
        string[] closed = [.. BuiltInApi.Table.Methods.Where(method => method.Scope != Scope.Read).Select(method => method.Name)];
        Assert.Equal(changes.Order(StringComparer.Ordinal), closed.Order(StringComparer.Ordinal));
        string[] suspects = ["publish", "add", "del", "rm", "append", "write", "register", "remove", "commit", "push", "set", "put"];
        foreach (ApiMethod method in BuiltInApi.Table.Methods.Where(method => method.Scope == Scope.Read))
        {
            string last = method.Path[^1];
            Assert.False(suspects.Any(word => last.Equals(word, StringComparison.OrdinalIgnoreCase)),
                $"{method.Name} sounds as if it changes something: correct its scope.");
        }
    }

    private static Task<ServedSite> ServeAsync(AccessSettings access) => ServedSite.StartAsync(served => new ServerContext(
        served, new ApiTable([.. Methods()]), ServedSite.Limits)
    { Access = access });

    private static IEnumerable<ApiMethod> Methods()
    {
        (string Name, Scope Scope)[] methods =
        [
            ("query.read", Scope.Read), ("whoami", Scope.Read), ("publish", Scope.Append),
            ("createWriteStream", Scope.Append), ("del", Scope.Admin),
        ];
        foreach ((string name, Scope scope) in methods)
            yield return ApiMethod.Sync(name, scope, null, "A method.", _ => JsValue.True);
    }

    private static Task<HttpResponseMessage> SendAsync(ServedSite site, string method, string target, string? token)
    {
        bool isCall = method == "RPC";
        HttpRequestMessage request = new(isCall ? HttpMethod.Post : HttpMethod.Parse(method), isCall ? "/v1/alice/rpc" : target);
        if (isCall) request.Content = new StringContent($"{{\"name\":\"{target}\",\"args\":[]}}", Encoding.UTF8, "application/json");
        if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return site.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }
}
