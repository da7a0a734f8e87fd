using Flume.Host.Http.Access;
using Flume.Host.Logging;
using Flume.Log.Primitives;
using Flume.Query.Json;
using Flume.Ssb.Api;

namespace Flume.Host.Http;

/// <summary>The API methods over HTTP: one route for all methods, and one for a message by its key.</summary>
internal sealed class RpcEndpoints(ServerContext site)
{
    private const string Shape = """{"name":["backlinks","read"],"args":[{"limit":10}]}""";

    /// <summary>Adds the routes.</summary>
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/v1/{name}/rpc", CallAsync);
        routes.MapGet("/v1/{name}/messages/{**key}", MessageAsync);
    }

    private async Task CallAsync(HttpContext context)
    {
        ReadFreshness freshness = QueryParameters.Of(context, "atLeast", "wait").Freshness();
        IIdentity identity = await site.IdentityAsync(context).ConfigureAwait(false);
        await using RpcBody body = await RpcBody.ReadAsync(context, site.Limits).ConfigureAwait(false);
        ApiMethod method = Method(body.Call["name"]);
        TokenGuard.Require(context, method.Scope, $"the call of {method.Name}");
        if (method.Scope != Scope.Read) AuditLog.MarkCall(context, method.Name);
        ApiCall call = new(identity, Args(body.Call["args"]), context.RequestAborted) { Freshness = freshness };
        if (method.OpenBytes is not null || method.AcceptBytes is not null)
            throw ApiException.Error($"{method.Name} streams bytes, which JSON can't carry; call it over muxrpc.");
        switch (method.Kind)
        {
            case ApiKind.Source:
                await StreamAsync(context, method, call).ConfigureAwait(false);
                break;
            case ApiKind.Sink:
                site.RefuseWhenStopping($"the call of {method.Name}");
                await AnswerAsync(context, call, marked => method.Accept!(marked, body.Items)).ConfigureAwait(false);
                break;
            default:
                await AnswerAsync(context, call, marked => method.Call!(marked)).ConfigureAwait(false);
                break;
        }
    }

    private async Task MessageAsync(HttpContext context)
    {
        QueryParameters query = QueryParameters.Of(context, "private", "atLeast", "wait");
        IIdentity identity = await site.IdentityAsync(context).ConfigureAwait(false);
        JsObject message = new JsObject().Set("id", JsValue.From(MessageKey.Of(context))).Set("meta", JsValue.True);
        if (query.Flag("private", false)) message.Set("private", JsValue.True);
        JsArray args = new JsArray().Add(JsValue.From(message));
        ApiMethod get = Method(JsValue.From("get"));
        ApiCall call = new(identity, args, context.RequestAborted) { Freshness = query.Freshness() };
        await AnswerAsync(context, call, marked => get.Call!(marked)).ConfigureAwait(false);
    }

    private async Task AnswerAsync(HttpContext context, ApiCall call, Func<ApiCall, ValueTask<JsValue>> run)
    {
        using IDisposable slot = site.TakeRead(context);
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        FreshnessHeaders mark = new();
        JsValue answer = await run(call with { OnRead = mark.Record, Cancelled = ends.Token }).ConfigureAwait(false);
        mark.SetHeaders(context.Response, call.Identity.Log.Head);
        await JsonAnswer.SendAsync(context, answer).ConfigureAwait(false);
    }

    /// <summary>Answers with the items of a source, as JSON lines.</summary>
    internal async Task StreamAsync(HttpContext context, ApiMethod method, ApiCall call)
    {
        using IDisposable slot = site.TakeStream(context);
        FreshnessHeaders mark = new();
        NdjsonStream stream = new(context, site.Stopping)
        {
            SetHeaders = response => mark.SetHeaders(response, call.Identity.Log.Head),
            Opened = method.View is null || !call.Identity.Views.Contains(method.View) ? null : mark.Recorded,
        };
        await stream.SendAsync(
            gone => method.Open!(call with { OnRead = mark.Record, Cancelled = gone }),
            static (writer, item) => writer.WriteLine(item)).ConfigureAwait(false);
    }

    private ApiMethod Method(JsValue name)
    {
        string? dotted = name.IsString ? name.AsString : name.IsArray ? Dotted(name.AsArray) : null;
        if (dotted is null)
        {
            throw new ProblemException(ProblemTypes.BadBody, "The body's member 'name' names no method.")
            {
                Expected = $"the method's name in parts, e.g. {Shape}",
            };
        }

        if (site.Methods.TryGet(dotted, out ApiMethod method)) return method;
        IEnumerable<string> known = site.Methods.Methods.Select(each => each.Name);
        throw new ProblemException(
            ProblemTypes.NoSuchMethod, $"There is no API method '{dotted}'.{Spelling.Hint(dotted, known)}")
        {
            Expected = $"one of {string.Join(", ", known)}",
        };
    }

    private static string? Dotted(JsArray parts)
    {
        foreach (JsValue part in parts)
        {
            if (!part.IsString) return null;
        }

        return parts.Count == 0 ? null : string.Join('.', parts.Select(part => part.AsString));
    }

    private static JsArray Args(JsValue args)
    {
        if (args.IsUndefined) return new JsArray();
        if (args.IsArray) return args.AsArray;
        throw new ProblemException(ProblemTypes.BadBody, $"The body's member 'args' is {args.Kind}.")
        {
            Expected = $"an array of the method's arguments, e.g. {Shape}",
        };
    }
}
