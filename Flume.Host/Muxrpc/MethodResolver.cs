using Flume.Muxrpc.Calls;
using Flume.Ssb.Api;

namespace Flume.Host.Muxrpc;

/// <summary>Finds the method that a request means, and refuses what its caller may not call.</summary>
/// <remarks>
/// Order and texts are those of npm muxrpc: permission first, so a stranger does not learn which methods exist.
/// </remarks>
internal sealed class MethodResolver
{
    private readonly ApiTable _table;
    private readonly HashSet<string> _anonymous;

    /// <summary>A resolver of a table's methods.</summary>
    public MethodResolver(ApiTable table)
    {
        _table = table;
        _anonymous = [.. table.Methods.Where(method => method.Anonymous).Select(method => method.Name)];
    }

    /// <summary>The method asked for.</summary>
    /// <exception cref="RpcException">There is none of that name and type, or this caller may not call it.</exception>
    public ApiMethod Find(RpcRequest request, Caller caller)
    {
        string[] path = request.Path();
        if (!caller.IsOwner && !IsForAnyone(path)) throw RpcRefusals.NotAllowed(request);
        bool isThere = _table.TryGet(string.Join('.', path), out ApiMethod method) && method.Path.Count == path.Length;
        return isThere && Fits(method.Kind, request.Type) ? method : throw RpcRefusals.NoSuchMethod(request);
    }

    private bool IsForAnyone(string[] path)
    {
        for (int parts = 1; parts <= path.Length; parts++)
        {
            if (_anonymous.Contains(string.Join('.', path, 0, parts))) return true;
        }

        return false;
    }

    private static bool Fits(ApiKind kind, string type) => kind switch
    {
        ApiKind.Sync or ApiKind.Async => type == "async",
        ApiKind.Source => type == "source",
        _ => type == "sink",
    };
}
