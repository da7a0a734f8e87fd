using Flume.Muxrpc.Calls;
using Flume.Query.Json;

namespace Flume.Replication.Invites;

/// <summary>The right of a connection with the key of an invite code: to use the code, then to replicate.</summary>
/// <remarks>Programs of the Manyverse stack go on to replicate on the connection of the guest.</remarks>
internal sealed class GuestPass(InviteServer server, Invite invite)
{
    private readonly TaskCompletionSource _used = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the code was used on this connection.</summary>
    public Task Used => _used.Task;

    /// <summary>True if the connection has the rights of any peer.</summary>
    public bool IsAdmitted => _used.Task.IsCompleted;

    /// <summary>Binds <c>invite.use</c>; null for another method.</summary>
    /// <exception cref="RpcException">The guest may not call another method before it used the code.</exception>
    public RpcInvocation? Bind(RpcRequest request)
    {
        if (request.Type == "async" && request.Path() is ["invite", "use"])
            return new RpcInvocation { Call = cancel => UseAsync(request.Args.At(0), cancel) };
        return IsAdmitted ? null : throw RpcRefusals.NotAllowed(request);
    }

    private async ValueTask<JsValue> UseAsync(JsValue options, CancellationToken cancel)
    {
        JsValue contact = await server.UseAsync(invite, options, cancel).ConfigureAwait(false);
        _used.TrySetResult();
        return contact;
    }
}
