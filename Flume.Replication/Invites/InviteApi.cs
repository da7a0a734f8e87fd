using System.Net;
using Flume.Query.Json;
using Flume.Replication.Peers;
using Flume.Ssb.Api;

namespace Flume.Replication.Invites;

/// <summary>The API methods of invites.</summary>
internal static class InviteApi
{
    private const int UsesMax = 1000;

    /// <summary>The methods.</summary>
    public static IEnumerable<ApiMethod> Methods(ReplicationService service) =>
    [
        ApiMethod.Async("invite.create", Scope.Admin, null,
            "(uses | {uses, note, external}): a code with which others become followers of this identity.",
            call => new ValueTask<JsValue>(Create(service, call))),
        ApiMethod.Async("invite.accept", Scope.Admin, null,
            "(code | {invite}): follows a pub that then follows this identity; the published messages.",
            call => AcceptAsync(service, call)),
        ApiMethod.Async("invite.use", Scope.Admin, null, "{feed}: for guests of a code only.",
            _ => throw ApiException.Error("invite.use is for connections with the key of an invite code")),
        ApiMethod.Sync("flume.invites", Scope.Admin, null, "(): the list of {id, uses, used, note, createdAt, usedBy}.",
            call => JsValue.From(new JsArray(Hosted(service, call).Invites.Book.All().Select(Describe)))),
        ApiMethod.Sync("flume.revokeInvite", Scope.Admin, null, "(id): removes an invite; its code is refused then.",
            call => Revoke(service, call)),
    ];

    private static ReplicationService.Hosted Hosted(ReplicationService service, ApiCall call) =>
        ReplicationApi.Hosted(service, call);

    private static JsValue Create(ReplicationService service, ApiCall call)
    {
        ReplicationService.Hosted hosted = Hosted(service, call);
        JsValue given = call.Arg(0), uses = given.IsObject ? given["uses"] : given;
        if (uses.IsNullish) uses = JsValue.From(1);
        if (uses is not { IsNumber: true, AsNumber: >= 1 and <= UsesMax } || uses.AsNumber % 1 != 0)
            throw ApiException.Error($"an invite has 1 to {UsesMax} uses, not {uses}");
        JsValue note = given["note"], external = given["external"];
        if (given["modern"].IsTruthy) throw ApiException.Error(
            "modern invites need a WebSocket address, which Flume does not have. Create one without modern.");
        (string host, int port) = PlaceOf(service, external.IsString && external.IsTruthy ? external.AsString : null);
        (byte[] seed, _) = hosted.Invites.Book.Create(
            (int)uses.AsNumber, note.IsString && note.IsTruthy ? note.AsString : null);
        return JsValue.From(new InviteCode(host, port, call.Identity.Keys!.PublicKey, seed).ToString());
    }

    /// <summary>The host and port of the code: what the call names, else the configuration, else the address.</summary>
    private static (string Host, int Port) PlaceOf(ReplicationService service, string? external)
    {
        if (service.ListensAt is not { } address) throw ApiException.Error(
            "no address available for creating an invite,configuration needed for server.\n" +
            "see: flume.muxrpc.address in flume.conf");
        if (service.Settings.External.Length > 0) external ??= service.Settings.External;
        string host = external ?? address.Address.ToString();
        if (host.Contains(':', StringComparison.Ordinal) && !IPAddress.TryParse(host, out _))
            throw ApiException.Error($"Could not parse host portion from server address:{host}");
        if (!service.Settings.AllowPrivate && HostNames.IsPrivate(host)) throw ApiException.Error(
            "Server has no public ip address, cannot create useable invitation");
        return (host, address.Port);
    }

    private static async ValueTask<JsValue> AcceptAsync(ReplicationService service, ApiCall call)
    {
        ReplicationService.Hosted hosted = Hosted(service, call);
        JsValue given = call.Arg(0).IsObject ? call.Arg(0)["invite"] : call.Arg(0);
        InviteCode code = (given.IsString ? InviteCode.Parse(given.AsString) : null)
            ?? throw ApiException.Error($"ssb-invite failed to parse invite {given}");
        call.Identity.Publisher.Claims.ThrowIfBehind(
            call.Identity.Name, hosted.Replication.Wanted()[call.Identity.Keys!.Id]);
        IReadOnlyList<JsValue> published =
            await service.Guest(call.Identity).AcceptAsync(code, call.Cancelled).ConfigureAwait(false);
        hosted.Remember(code.OwnAddress);
        return JsValue.From(new JsArray(published));
    }

    private static JsValue Revoke(ReplicationService service, ApiCall call)
    {
        JsValue id = call.Arg(0);
        bool isKnown = id.IsString && Hosted(service, call).Invites.Book.Revoke(id.AsString);
        return isKnown ? JsValue.True : throw ApiException.NotFound(
            $"no invite has the id {id}; flume.invites lists those of '{call.Identity.Name}'");
    }

    private static JsValue Describe(Invite invite) => JsValue.From(new JsObject()
        .Set("id", JsValue.From(invite.Guest))
        .Set("uses", JsValue.From(invite.Uses))
        .Set("used", JsValue.From(invite.UsedBy.Count))
        .Set("note", invite.Note is { } note ? JsValue.From(note) : JsValue.Null)
        .Set("createdAt", JsValue.From(invite.CreatedAt.ToUnixTimeMilliseconds()))
        .Set("usedBy", JsValue.From(new JsArray(invite.UsedBy.Select(use => JsValue.From(new JsObject()
            .Set("feed", JsValue.From(use.Feed)).Set("at", JsValue.From(use.At.ToUnixTimeMilliseconds()))))))));
}
