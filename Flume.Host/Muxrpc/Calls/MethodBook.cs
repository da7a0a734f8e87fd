using Flume.Query.Json;
using Flume.Ssb.Api;

namespace Flume.Host.Muxrpc.Calls;

/// <summary>Finds the method that a request means, and refuses what its caller may not call.</summary>
/// <remarks>
/// Order and texts are those of npm muxrpc: permission first, so a stranger can't tell which methods exist.
/// </remarks>
internal sealed class MethodBook
{
    private readonly ApiTable table;
    private readonly HashSet<string> anonymous;

    /// <summary>A book of a table's methods.</summary>
    public MethodBook(ApiTable table)
    {
        this.table = table;
        anonymous = [.. table.Methods.Where(method => method.Anonymous).Select(method => method.Name)];
    }

    /// <summary>The method asked for.</summary>
    /// <exception cref="ApiException">There is none of that name and type, or this caller may not call it.</exception>
    public ApiMethod Find(RpcRequest request, Caller caller)
    {
        string[] path = PathOf(request.Name);
        if (!caller.IsOwner && !IsForAnyone(path))
            throw ApiException.Error($"method:{request.NameText} is not in list of allowed methods");
        bool isThere = table.TryGet(string.Join('.', path), out ApiMethod method) && method.Path.Count == path.Length;
        return isThere && Fits(method.Kind, request.Type)
            ? method
            : throw ApiException.Error($"no {request.Type}:{request.NameText}");
    }

    private bool IsForAnyone(string[] path)
    {
        for (int parts = 1; parts <= path.Length; parts++)
        {
            if (anonymous.Contains(string.Join('.', path, 0, parts))) return true;
        }

        return false;
    }

    private static bool Fits(ApiKind kind, string type) => kind switch
    {
        ApiKind.Sync or ApiKind.Async => type == "async",
        ApiKind.Source => type == "source",
        _ => type == "sink",
    };

    private static string[] PathOf(JsValue name) =>
        name.IsArray ? [.. name.AsArray.Select(JsCoercion.ToText)] : [JsCoercion.ToText(name)];
}
