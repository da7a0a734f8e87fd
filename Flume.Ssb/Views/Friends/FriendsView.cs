using Flume.Query.Tape;
using Flume.Ssb.Messages;
using Flume.Views;
using Flume.Views.Store;

namespace Flume.Ssb.Views.Friends;

/// <summary>The contact messages in log order. The follow graph is folded from them (docs/spec 3.9).</summary>
/// <remarks>
/// As in npm ssb-friends, the type is ignored. A message with a feed in <c>content.contact</c> counts.
/// </remarks>
public sealed class FriendsView : SsbView
{
    /// <summary>A = 0; B = 0: the order is by offset.</summary>
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
