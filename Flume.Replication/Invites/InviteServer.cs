using Flume.Query.Json;
using Flume.Ssb.Api;
using Flume.Ssb.Messages;
using Flume.Ssb.Views.Friends;

namespace Flume.Replication.Invites;

/// <summary>Follows the feeds of people who use an invite code of one identity.</summary>
/// <remarks>The texts of errors are those of npm ssb-invite, because programs show and compare them.</remarks>
/// <param name="identity">The identity that made the codes.</param>
/// <param name="book">Its invites.</param>
internal sealed class InviteServer(IIdentity identity, InviteBook book)
{
    private readonly SemaphoreSlim _one = new(1);

    /// <summary>The invites.</summary>
    public InviteBook Book => book;

    /// <summary>The pass of a peer whose key belongs to an open invite; null for other peers.</summary>
    public GuestPass? PassOf(ReadOnlySpan<byte> publicKey) =>
        book.Find(publicKey) is { IsOpen: true } invite ? new GuestPass(this, invite) : null;

    /// <summary>Follows a feed and counts the use. Returns the contact message.</summary>
    /// <exception cref="ApiException">The feed is missing or followed already, or the code is used up.</exception>
    public async ValueTask<JsValue> UseAsync(Invite invite, JsValue options, CancellationToken cancel)
    {
        if (!options.IsObject) throw ApiException.Error("Param 0 must by of type object");
        JsValue feed = options["feed"];
        if (!feed.IsTruthy) throw ApiException.Error("feed to follow is missing");
        if (!feed.IsString || !Ref.IsFeed(feed.AsString)) throw ApiException.Error("invalid feed id");
        await _one.WaitAsync(cancel).ConfigureAwait(false);
        try
        {
            // A guest that leaves does not stop what has begun.
            return await FollowAsync(invite, feed.AsString).ConfigureAwait(false);
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>True if the identity follows a feed.</summary>
    public static ValueTask<bool> FollowsAsync(IIdentity identity, string feed, CancellationToken cancel) =>
        FollowGraphCache.ReadAsync(new ApiCall(identity, [], cancel), graph =>
            graph.Edges.TryGetValue(identity.Keys!.Id, out Dictionary<string, Edge>? edges)
            && edges.TryGetValue(feed, out Edge edge) && edge.Weight == 1);

    private async Task<JsValue> FollowAsync(Invite invite, string feed)
    {
        if (await FollowsAsync(identity, feed, CancellationToken.None).ConfigureAwait(false))
            throw ApiException.Error("already following");
        if (!book.TryUse(invite.Guest, feed)) throw ApiException.Error("invite has expired");
        JsObject contact = new JsObject().Set("type", JsValue.From("contact")).Set("contact", JsValue.From(feed))
            .Set("following", JsValue.True).Set("pub", JsValue.True);
        if (invite.Note is { } note) contact.Set("note", JsValue.From(note));
        try
        {
            return await identity.Publisher.PublishAsync(JsValue.From(contact), CancellationToken.None)
                .ConfigureAwait(false);
        }
        catch
        {
            book.TakeBack(invite.Guest, feed);
            throw;
        }
    }
}
