using System.Globalization;
using System.Text.Unicode;
using Flume.Log;
using Flume.Query.Json;
using Flume.Ssb.Api;

namespace Flume.Host.Http;

/// <summary>Reads the log of an identity as JSON lines, and appends to it.</summary>
internal sealed class LogEndpoints(ServerContext site)
{
    private const string JsonType = "application/json", BinaryType = "application/octet-stream";

    /// <summary>Adds the routes.</summary>
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/{name}/log", ReadAsync);
        routes.MapPost("/v1/{name}/log", AppendAsync);
        routes.MapGet("/v1/{name}/log/{offset}", OneAsync);
        routes.MapPost("/v1/{name}/log/reopen", ReopenAsync);
    }

    private async Task ReadAsync(HttpContext context)
    {
        QueryParameters query = QueryParameters.Of(
            context, "gt", "gte", "lt", "lte", "reverse", "live", "old", "limit");
        LogRange range = new()
        {
            Gt = query.Offset("gt"),
            Gte = query.Offset("gte"),
            Lt = query.Offset("lt"),
            Lte = query.Offset("lte"),
            Reverse = query.Flag("reverse", false),
            Live = query.Flag("live", false),
            Old = query.Flag("old", true),
            Limit = query.Number("limit") ?? -1,
        };
        IIdentity identity = await site.IdentityAsync(context).ConfigureAwait(false);
        using IDisposable slot = site.TakeStream(context);
        NdjsonStream stream = new(context, site.Stopping)
        {
            SetHeaders = response => response.Headers[FreshnessHeaders.SinceHeader] = identity.Log.Head.ToString(),
        };
        await stream.SendAsync(gone => identity.Log.ReadAsync(range, gone), WriteEntry).ConfigureAwait(false);
    }

    /// <summary>
    /// Writes <c>{"offset":…,"value":…}</c>. A payload that is not JSON has <c>"base64"</c> in place of the value. One
    /// that is JSON but not UTF-8 has both, because its value holds U+FFFD for the other bytes.
    /// </summary>
    public static void WriteEntry(NdjsonWriter writer, LogEntry entry)
    {
        writer.Write("{\"offset\":"u8);
        Span<byte> digits = stackalloc byte[20];
        entry.Offset.Value.TryFormat(digits, out int length);
        writer.Write(digits[..length]);
        bool isJson = IsJson(entry.Payload);
        if (isJson)
        {
            writer.Write(",\"value\":"u8);
            writer.WriteJson(entry.Payload.Span);
        }

        if (!isJson || !Utf8.IsValid(entry.Payload.Span))
        {
            writer.Write(",\"base64\":\""u8);
            writer.Write(System.Text.Encoding.ASCII.GetBytes(Convert.ToBase64String(entry.Payload.Span)));
            writer.Write("\""u8);
        }

        writer.Write("}"u8);
        writer.EndLine();
    }

    /// <summary>True if a payload is one JSON value.</summary>
    internal static bool IsJson(ReadOnlyMemory<byte> payload)
    {
        try
        {
            JsValue.ParseWhole(payload);
            return true;
        }
        catch (JsSyntaxException)
        {
            return false;
        }
    }

    private async Task AppendAsync(HttpContext context)
    {
        QueryParameters query = QueryParameters.Of(context, "durability", "expectedHead");
        AppendTerms terms = new(query.Durability()) { ExpectedHead = query.Offset("expectedHead") };
        site.RefuseWhenStopping("the append");
        IIdentity identity = await site.IdentityAsync(context).ConfigureAwait(false);
        AppendRequest request = new(identity, terms, site);
        if (IsType(context.Request, BinaryType))
        {
            byte[] body = await BinaryBodyAsync(context, identity).ConfigureAwait(false);
            await request.AppendAsync([body], context.RequestAborted).ConfigureAwait(false);
        }
        else if (IsType(context.Request, JsonType))
        {
            byte[] body = await RequestBody.ReadAsync(context, site.Limits).ConfigureAwait(false);
            RequestBody.ParseJson(body, "The body");
            await request.AppendAsync([body], context.RequestAborted).ConfigureAwait(false);
        }
        else
        {
            JsonLinesReader lines = new(context.Request.BodyReader, site.Limits);
            await request.AppendAllAsync(lines, context.RequestAborted).ConfigureAwait(false);
        }

        await JsonAnswer.SendAsync(context, request.WriteAnswer).ConfigureAwait(false);
    }

    /// <summary>One record as its bytes: JSON, or any other in a log that takes them.</summary>
    private async Task OneAsync(HttpContext context)
    {
        QueryParameters.Of(context);
        IIdentity identity = await site.IdentityAsync(context).ConfigureAwait(false);
        string typed = (string)context.Request.RouteValues["offset"]!;
        if (!long.TryParse(typed, NumberStyles.None, CultureInfo.InvariantCulture, out long offset))
        {
            throw new ProblemException(ProblemTypes.BadParameter, $"'{typed}' is no offset.")
            {
                Expected = "an offset that an append or the log answered, 0 or more",
            };
        }

        ReadOnlyMemory<byte> payload = identity.Log.Get(new Offset(offset)).Payload;
        context.Response.ContentType = IsJson(payload) ? JsonType : BinaryType;
        context.Response.ContentLength = payload.Length;
        context.Response.Headers.CacheControl = "no-store";
        if (!RequestRules.IsHead(context))
            await context.Response.Body.WriteAsync(payload, context.RequestAborted).ConfigureAwait(false);
    }

    /// <summary>A body of any bytes is one record of a log of plain events.</summary>
    private async Task<byte[]> BinaryBodyAsync(HttpContext context, IIdentity identity)
    {
        if (identity.Kind == IdentityKind.Ssb)
        {
            throw new ProblemException(
                ProblemTypes.BadBody, $"The log of '{identity.Name}' holds messages, which are JSON.")
            {
                Expected = "JSON; an identity of kind events takes any bytes",
            };
        }

        byte[] body = await RequestBody.ReadAsync(context, site.Limits).ConfigureAwait(false);
        if (body.AsSpan().ContainsAnyExcept((byte)0)) return body;
        throw new ProblemException(
            ProblemTypes.BadBody, $"The body has {body.Length} bytes, none of them other than 0: that marks a deleted record.")
        {
            Expected = "a record with a byte other than 0",
        };
    }

    /// <summary>Makes a log that refuses appends try again at once.</summary>
    private async Task ReopenAsync(HttpContext context)
    {
        QueryParameters.Of(context);
        site.RefuseWhenStopping("reopening a log");
        IIdentity identity = await site.IdentityAsync(context).ConfigureAwait(false);
        try
        {
            await identity.ReopenLogAsync(context.RequestAborted).ConfigureAwait(false);
        }
        catch (AppendFailedException still)
        {
            throw new ProblemException(ProblemTypes.LogReadOnly, still.Message, still);
        }

        LogStatus log = await identity.LogStatusAsync(context.RequestAborted).ConfigureAwait(false);
        await JsonAnswer.SendAsync(context, json =>
        {
            json.WriteStartObject();
            json.WriteNumber("head", log.Head.Value);
            json.WriteNumber("bytes", log.Bytes);
            json.WriteString("readOnly", log.ReadOnly);
            json.WriteEndObject();
        }).ConfigureAwait(false);
    }

    /// <summary>
    /// Media type JSON means one value of any layout, octet-stream one record of any bytes; other types mean lines, so
    /// that a plain curl -d works.
    /// </summary>
    private static bool IsType(HttpRequest request, string type) =>
        request.ContentType is { } given &&
        given.AsSpan().Trim().StartsWith(type, StringComparison.OrdinalIgnoreCase) &&
        (given.Trim().Length == type.Length || given.TrimStart()[type.Length] is ';' or ' ');
}
