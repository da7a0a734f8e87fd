using System.Text;

namespace Flume.Tools.Generate.Contents;

/// <summary>The channels of posts: as in real logs, some names are not in their normal form.</summary>
internal static class Channels
{
    private static readonly byte[][] Names = Array.ConvertAll(
        ("new-people ssb gossip patchwork scuttlebutt solarpunk fiction boats permaculture art music books " +
         "cats dogs food gardening bicycles hamradio mesh crypto javascript rust golang elixir haskell " +
         "typescript css design ux bugs feature-request manyverse oasis patchbay planetary pub-owners " +
         "onboarding governance politics philosophy poetry photography film games chess math science space " +
         "climate energy diy 3dprinting sewing knitting travel new-zealand berlin coop decentralization " +
         "privacy Café español Привет 日本語 übersetzung día ελλάδα off-grid")
        .Split(' '), Encoding.UTF8.GetBytes);

    /// <summary>The name of a channel, without the hash sign; a few names are popular.</summary>
    public static ReadOnlySpan<byte> Any(ref RandomStream random) => Names[random.Popular(Names.Length)];

    /// <summary>Writes the channel member of a post.</summary>
    public static void Write(RecordTextWriter writer) => writer.Json.Key("channel"u8).String(Any(ref writer.Random));

    /// <summary>Writes a subscription or its end.</summary>
    public static void WriteSubscription(RecordTextWriter writer)
    {
        JsonBuffer json = writer.Open("channel"u8);
        Write(writer);
        json.Key("subscribed"u8).Value(writer.Random.Chance(850) ? "true"u8 : "false"u8).EndObject();
    }
}
