using Flume.Log.Primitives;
using Flume.Query.Tape;
using Flume.Ssb.Messages;
using Flume.Ssb.Views.Backlinks;
using Flume.Views;
using Flume.Views.Store;

namespace Flume.Ssb.Views.About;

/// <summary>
/// Messages that describe a feed, message or blob: name, image, description (ssb-about, docs/spec 3.6).
/// </summary>
public sealed class AboutView : SsbView
{
    /// <summary>A = dest, the id that the message is about; B = rts, the asserted time.</summary>
    internal const byte ByDest = 1;

    /// <inheritdoc/>
    public override string Name => "about";

    /// <inheritdoc/>
    public override int Version => 3;

    /// <inheritdoc/>
    protected override void Apply(DecodedMessage message, RowSink rows)
    {
        if (!message.Fields.Type.Is("about"u8)) return;
        TapeValue about = message.Fields.About;
        if (!about.IsString) return;
        LinkSet links = message.Backlinks;
        for (int i = 0; i < links.Count; i++)
        {
            if (!about.Is(links[i])) continue;
            rows.Post(ByDest, links.Fingerprint(i), BacklinksView.AssertedKey(message));
            return;
        }
    }
}
