using Flume.Host.Muxrpc.Packets;
using Flume.Log;
using Flume.Query.Json;
using Flume.Query.MapFilterReduce;
using Flume.Ssb.Api;

namespace Flume.Host.Muxrpc.Calls;

/// <summary>
/// Turns what went wrong into the error object that JavaScript callers get: <c>{message, name, stack}</c>.
/// </summary>
internal static class RpcError
{
    /// <summary>True when the error is a bug of ours, so that a person should see it.</summary>
    public static bool IsUnexpected(Exception error) => NameOf(error) is null;

    /// <summary>The object for an error. Of an unexpected one strangers learn no more than that it happened.</summary>
    public static JsValue From(Exception error, Caller caller)
    {
        string? name = NameOf(error);
        string message = name is not null || caller.IsOwner ? error.Message : "the service failed to answer";
        name ??= "Error";
        return JsValue.From(new JsObject()
            .Set("message", JsValue.From(message))
            .Set("name", JsValue.From(name))
            .Set("stack", JsValue.From($"{name}: {message}")));
    }

    private static string? NameOf(Exception error) => error switch
    {
        ApiException api => api.ErrorName,
        QueryException or PacketException or JsSyntaxException => "Error",
        ReadRejectedException => "ReadRejected",
        AppendRejectedException => "AppendRejected",
        AppendFailedException => "AppendFailed",
        IdentityRejectedException => "IdentityRejected",
        LogException => "LogError",
        _ => null,
    };
}
