using Flume.Codec;
using Flume.Store;

namespace Flume.Views.Friends;

/// <summary>The contact messages in log order, from which the follow graph is folded: ssb-friends (spec.md 3.9).</summary>
public sealed class FriendsView : IView
{
    /// <summary>A = 0; B = 0: so ordered by offset.</summary>
    internal const byte Contacts = 1;

    /// <inheritdoc/>
    public string Name => "friends";

    /// <inheritdoc/>
    public int Version => 1;

    /// <inheritdoc/>
    public void Apply(DecodedMessage message, RowSink rows)
    {
        if (message.TryContent("type"u8, out TapeValue type) && type.Is("contact"u8)) rows.Post(Contacts, 0, 0);
    }
}
