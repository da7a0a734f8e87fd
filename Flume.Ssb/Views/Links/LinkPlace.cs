using Flume.Ssb.Messages;

namespace Flume.Ssb.Views.Links;

/// <summary>The sort keys of one link in the three indexes of ssb-links (docs/spec 3.5).</summary>
/// <param name="BySource">Among the links of its author.</param>
/// <param name="ByDest">Among the links to the same id.</param>
/// <param name="ByField">Among the links of the same field.</param>
internal readonly record struct LinkPlace(ulong BySource, ulong ByDest, ulong ByField)
{
    /// <summary>Where a link of a message stands.</summary>
    internal static LinkPlace Of(DecodedMessage message, FieldLink link)
    {
        ReadOnlySpan<byte> dest = link.Dest.Utf8;
        LinkOrder byField = LinkRelation.Of(link, message.Content).Order();
        LinkOrder bySource = byField.Behind(link.Field.NameUtf8), byDest = bySource;
        byField.AddDest(dest);
        bySource.AddDestShort(dest);
        if (message.Author is { IsString: true } author) byDest.AddSource(author.Utf8);
        else byDest.AddOddSource(message.Author.Kind);
        return new LinkPlace(LinkOrder.Short(bySource.Low), LinkOrder.Short(byDest.Low), byField.Low);
    }
}
