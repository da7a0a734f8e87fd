using Flume.Query.Tape;
using Flume.Ssb.Messages;
using Flume.Views;
using Flume.Views.Store;

namespace Flume.Ssb.Views.Friends;

/// <summary>
/// The messages that say something of a contact, in log order; the follow graph is folded from them (docs/spec 3.9).
/// </summary>
/// <remarks>
/// As in npm ssb-friends the field decides, not the type: whatever has a feed in <c>content.contact</c> counts.
/// </remarks>
public sealed class FriendsView : SsbView
{
    /// <summary>A = 0; B = 0: so ordered by offset.</summary>
    internal const byte Contacts = 1;

    /// <inheritdoc/>
    public override string Name => "friends";

    /// <inheritdoc/>
    public override int Version => 1;

    /// <inheritdoc/>
    protected override void Apply(DecodedMessage message, RowSink rows)
    {
        TapeValue contact = message.Fields.Contact;
        if (contact.IsString && Ref.KindOf(contact.Utf8) == RefKind.Feed) rows.Post(Contacts, 0, 0);
    }
}
