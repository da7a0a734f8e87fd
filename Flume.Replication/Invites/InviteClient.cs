using Flume.Muxrpc.Calls;
using Flume.Muxrpc.Transports;
using Flume.Query.Json;
using Flume.Ssb.Api;
using Flume.Ssb.Publishing;
using Flume.Ssb.Reading;

namespace Flume.Replication.Invites;

/// <summary>Uses an invite code of a pub for an identity.</summary>
/// <remarks>A code may be accepted again: what was published is not published twice.</remarks>
/// <param name="identity">The identity that joins the pub.</param>
/// <param name="dialer">Opens connections.</param>
internal sealed class InviteClient(IIdentity identity, Dialer dialer)
{
    private const int TriesMax = 3;
    private static readonly TimeSpan TryAgainAfter = TimeSpan.FromMilliseconds(500);
    private static readonly RpcLimits Limits = new(1 << 20, 16, 16);

    /// <summary>Lets the pub follow the identity, follows it, and publishes its address without the seed.</summary>
    /// <returns>The published messages.</returns>
    /// <exception cref="ApiException">The pub cannot be reached, or refuses the code.</exception>
    public async Task<IReadOnlyList<JsValue>> AcceptAsync(InviteCode code, CancellationToken cancel)
    {
        await UseAsync(code, cancel).ConfigureAwait(false);
        List<JsValue> published = [];
        if (!await InviteServer.FollowsAsync(identity, code.PubId, cancel).ConfigureAwait(false))
        {
            published.Add(await PublishAsync(new JsObject().Set("type", JsValue.From("contact"))
                .Set("following", JsValue.True).Set("autofollow", JsValue.True)
                .Set("contact", JsValue.From(code.PubId))).ConfigureAwait(false));
        }

        if (!await HasPubAsync(code, cancel).ConfigureAwait(false))
        {
            JsObject address = new JsObject().Set("host", JsValue.From(code.Host)).Set("port", JsValue.From(code.Port))
                .Set("key", JsValue.From(code.PubId));
            published.Add(await PublishAsync(new JsObject()
                .Set("type", JsValue.From("pub")).Set("address", JsValue.From(address))).ConfigureAwait(false));
        }

        return published;
    }

    private async Task UseAsync(InviteCode code, CancellationToken cancel)
    {
        DialedConnection dialled = await DialAsync(code, cancel).ConfigureAwait(false);
        await using (dialled.ConfigureAwait(false))
        {
            using MuxrpcConnection connection = new(dialled.Pipe, new NoMethods(), Limits);
            using CancellationTokenSource done =
                CancellationTokenSource.CreateLinkedTokenSource(cancel, dialled.Closed);
            Task running = connection.RunAsync(done.Token);
            try
            {
                JsArray args = new JsArray().Add(
                    JsValue.From(new JsObject().Set("feed", JsValue.From(identity.Keys!.Id))));
                await connection.CallAsync("invite.use", args, cancel).ConfigureAwait(false);
            }
            catch (RpcException error) when (error.Message.Contains("already following", StringComparison.Ordinal))
            {
                // The code was used before; what is missing is published.
            }
            catch (Exception error) when (error is RpcException
                || (error is OperationCanceledException && !cancel.IsCancellationRequested))
            {
                throw ApiException.Error($"invite not accepted: {error.Message}");
            }
            finally
            {
                await done.CancelAsync().ConfigureAwait(false);
                await running.ConfigureAwait(false);
            }
        }
    }

    private async Task<DialedConnection> DialAsync(InviteCode code, CancellationToken cancel)
    {
        for (int tries = 1; ; tries++)
        {
            try
            {
                return await dialer.DialAsync(code.Address, identity.Keys!, cancel).ConfigureAwait(false);
            }
            catch (IOException error)
            {
                if (tries >= TriesMax) throw ApiException.Error($"could not connect to server: {error.Message}");
                await Task.Delay(TryAgainAfter, cancel).ConfigureAwait(false);
            }
        }
    }

    private ValueTask<JsValue> PublishAsync(JsObject content) =>
        identity.Publisher.PublishAsync(JsValue.From(content), CancellationToken.None);

    /// <summary>True if the identity has published the address of the pub.</summary>
    private async ValueTask<bool> HasPubAsync(InviteCode code, CancellationToken cancel)
    {
        BuiltInApi.Table.TryGet("messagesByType", out ApiMethod byType);
        JsArray args = new JsArray().Add(JsValue.From(new JsObject().Set("type", JsValue.From("pub"))));
        await foreach (JsValue message in byType.Open!(new ApiCall(identity, args, cancel)).ConfigureAwait(false))
        {
            JsValue value = message["value"], address = value["content"]["address"];
            if (value["author"] is { IsString: true } author && author.AsString == identity.Keys!.Id
                && address["key"] is { IsString: true } key && key.AsString == code.PubId
                && address["host"] is { IsString: true } host && host.AsString == code.Host) return true;
        }

        return false;
    }

    /// <summary>A pub may call nothing on the connection of a guest.</summary>
    private sealed class NoMethods : IRpcService
    {
        public RpcInvocation Bind(RpcRequest request) => throw RpcRefusals.NoSuchMethod(request);

        public JsValue ErrorOf(Exception error) => JsValue.From(new JsObject()
            .Set("message", JsValue.From(error.Message)).Set("name", JsValue.From("Error")));
    }
}
