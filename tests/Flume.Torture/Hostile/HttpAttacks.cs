using System.Text;

namespace Flume.Torture.Hostile;

/// <summary>Requests that are no requests, paths that lead nowhere, and more requests than answers are read.</summary>
internal sealed class HttpAttacks(Attempt attempt, FlumeServer server)
{
    private const int PipelinedRequests = 2000;
    private static readonly string[] Methods =
        ["GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "TRACE", "CONNECT", "get", "X"];
    private static readonly string[] Pieces =
    [
        "..", "%2e%2e", "%00", "identities", "me", "log", "rpc", "views", "blobs", "messages", "search", "rebuild",
        "%2f", "\\",
        "..%2f..%2fetc%2fpasswd", "+mine", "%ff", "%25messages", "&AAAA.sha256", "", ".", "~", "%e2%80%ae", "*", "?",
        "health",
        "ready", "metrics", "v1", "events", "assets", "../../secret", "..%5csecret", "skipped", "rows", "check", ";",
        "sql",
    ];
    private static readonly string[] Names =
        ["gt", "lt", "gte", "limit", "live", "old", "reverse", "durability", "wait", "atLeast"];
    private static readonly string[] Values =
        ["-1", "1e9", "99999999999999999999999", "%00", "", "[]", "NaN", "-0", "0x10", "1.5", "9223372036854775807"];
    private static readonly string[] Headers =
    [
        "Content-Length: 3", "Transfer-Encoding: chunked", "Host: evil.example", "Origin: http://evil",
        "Expect: 100-continue",
        "Content-Type: application/json; charset=utf-16", "Content-Encoding: gzip", "Authorization: Bearer x", "X:\0",
        "Sec-Fetch-Site: cross-site", "Range: bytes=0-", "Accept: */*;q=x",
    ];
    private static readonly string[] Chunks =
    [
        "5\r\n{\"a\":\r\n2\r\n1}\r\n0\r\n\r\n", "ffffffffffffffff\r\n", "-1\r\n", "3\r\nab", "0\r\nX: y\r\n\r\n",
        "zz\r\n", "1\r\n{\r\n",
    ];

    private readonly RawHttp _raw = new(attempt, server);
    private readonly Random _random = attempt.Random;

    public Task BrokenAsync()
    {
        const string append = "POST /v1/me/log HTTP/1.1\r\nHost: localhost\r\n";
        return _raw.SendAsync(_random.Next(6) switch
        {
            0 => Garbage(),
            1 => Ascii($"{append}Transfer-Encoding: chunked\r\n\r\n{Pick(Chunks)}"),
            2 => RawHttp.Request("POST", "/v1/me/log", "{\"a\":1}"u8.ToArray(), Pick(Headers)),
            3 => Ascii($"GET /{new string('a', _random.Next(100_000))} HTTP/1.1\r\nHost: localhost\r\n\r\n"),
            4 => Ascii($"GET / HTTP/1.1\r\n{string.Concat(Enumerable.Repeat("H: v\r\n", _random.Next(3000)))}\r\n"),
            _ => Ascii($"GET /v1/me/log HTTP/{Pick(["1.0", "0.9", "2.0", "9.9", "1.1\r\nHost: b"])}\r\n\r\n"),
        }, isWhole: false);
    }

    public Task PathsAsync()
    {
        string path = "/" + string.Join('/', Enumerable.Range(0, _random.Next(1, 7)).Select(_ => Pick(Pieces)));
        if (_random.Next(3) == 0)
            path = $"/v1/me/{Pick(["log", "views", "views/about", "blobs/&x", "messages/%25x", "views/mine/rows"])}";
        IEnumerable<string> pairs = Enumerable.Range(0, _random.Next(4)).Select(_ => $"{Pick(Names)}={Pick(Values)}");
        string query = string.Join('&', pairs);
        string method = Pick(Methods);
        byte[]? body = method is "POST" or "PUT" ? Ascii(Pick(["", "{}", "[]", "x", "{\"query\":5}"])) : null;
        return _raw.SendAsync(RawHttp.Request(method, $"{path}?{query}", body));
    }

    public async Task PipelineAsync()
    {
        byte[] one = Ascii(Pick(
        [
            "GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n",
            "POST /v1/me/log?durability=os HTTP/1.1\r\nHost: localhost\r\nContent-Length: 7\r\n\r\n{\"a\":1}",
            "GET /v1/me/log?limit=50 HTTP/1.1\r\nHost: localhost\r\n\r\n",
        ]));
        using var many = new MemoryStream();
        for (int i = 0; i < PipelinedRequests; i++) many.Write(one);
        await _raw.SendAsync([.. many.ToArray(), .. RawHttp.Request("GET", "/health/live")]);
    }

    private byte[] Garbage()
    {
        byte[] bytes = new byte[_random.Next(1, 3000)];
        _random.NextBytes(bytes);
        return bytes;
    }

    private string Pick(string[] choices) => choices[_random.Next(choices.Length)];

    private static byte[] Ascii(string text) => Encoding.Latin1.GetBytes(text);
}
