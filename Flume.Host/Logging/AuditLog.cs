using System.Net;
using Flume.Host.Http;
using Flume.Host.Http.Access;
using Flume.Log.Primitives;

namespace Flume.Host.Logging;

/// <summary>One line for each command over HTTP, and for each refused caller: who, what, and the outcome.</summary>
/// <remarks>
/// 1. Reads and appends are no commands: metrics count them. A call of a method that writes is one.
/// 2. A refusal that repeats is written once, then counted.
/// </remarks>
internal sealed partial class AuditLog(ILoggerFactory loggers, TimeProvider time)
{
    private static readonly object CallMark = new();
    private static readonly HashSet<string> Frequent = new(StringComparer.Ordinal)
    {
        "/v1/{name}/log", RouteScopes.CallRoute, RouteScopes.SqlRoute,
    };

    private readonly ILogger _logger = loggers.CreateLogger(OperatorLog.Audit);
    private RepeatedNotes? _refusals;

    /// <summary>Marks a request as a call that writes.</summary>
    public static void MarkCall(HttpContext context, string method) => context.Items[CallMark] = method;

    /// <summary>Passes the request on and writes its line afterwards.</summary>
    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        await next(context).ConfigureAwait(false);
        if (!_logger.IsEnabled(LogLevel.Warning)) return;
        int status = context.Response.StatusCode;
        if (status is StatusCodes.Status401Unauthorized or StatusCodes.Status403Forbidden)
        {
            Refused(context, status);
            return;
        }

        if (What(context) is not { } what || !_logger.IsEnabled(LogLevel.Information)) return;
        string caller = Caller(context);
        Commanded(_logger, what, caller, status);
    }

    private static string? What(HttpContext context)
    {
        if (context.Items[CallMark] is string method) return $"call of {method} at {context.Request.Path}";
        if (HttpMethods.IsGet(context.Request.Method) || RequestRules.IsHead(context)) return null;
        if (context.GetEndpoint() is not RouteEndpoint endpoint || Frequent.Contains(
            endpoint.RoutePattern.RawText ?? "")) return null;
        return $"{context.Request.Method} {context.Request.Path}{context.Request.QueryString}";
    }

    private void Refused(HttpContext context, int status)
    {
        _refusals ??= new RepeatedNotes(text => Warned(_logger, text), time);
        _refusals.Count(
            $"{status} {context.Connection.RemoteIpAddress}",
            $"refused with {status}: {context.Request.Method} {context.Request.Path} of {Caller(context)}");
    }

    private static string Caller(HttpContext context)
    {
        IPAddress? address = context.Connection.RemoteIpAddress;
        string place = address is null ? "a caller without an address" : address.ToString();
        return context.Request.Headers.Authorization.Count > 0 ? $"{place} with a token" : $"{place} without a token";
    }

    [LoggerMessage(EventId = 21, Level = LogLevel.Information, Message = "{What} of {Caller}: {Status}")]
    private static partial void Commanded(ILogger logger, string what, string caller, int status);

    [LoggerMessage(EventId = 22, Level = LogLevel.Warning, Message = "{Text}")]
    private static partial void Warned(ILogger logger, string text);
}
