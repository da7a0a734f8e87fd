using Flume.Ssb.Messages;

namespace Flume.Ssb.Views.Links;

/// <summary>The sort keys of one link in the three indexes of ssb-links (docs/spec 3.5).</summary>
/// <param name="BySource">The key in the index by author.</param>
/// <param name="ByDest">The key in the index by linked id.</param>
/// <param name="ByField">The key in the index by field.</param>
internal readonly record struct LinkPlace(ulong BySource, ulong ByDest, ulong ByField)
{
    /// <summary>The sort keys of a message's link.</summary>
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
