using System.Text;
using Flume.Tools.Generate.Text;

namespace Flume.Tools.Generate.Contents;

/// <summary>
/// Messages of applications that no view indexes: every JSON shape, with types of their own.
/// </summary>
internal static class ApplicationContent
{
    private static readonly byte[][] Types = Array.ConvertAll(
        ("blog ssb_chess_move ssb_chess_invite music-release poll chess_move tag bookmark wiki " +
         "talenet-idea-create recipe scuttle-poll-position gitlab-issue art/painting loomio:outcome zine-page " +
         "weather.station sensor/reading npm-packages web-init prolog crdt-sequence book room/alias attendance " +
         "library-item").Split(' '),
        Encoding.UTF8.GetBytes);

    /// <summary>Writes a content of one of many types, with a few fields.</summary>
    public static void Write(RecordTextWriter writer)
    {
        JsonBuffer json = writer.Open(Types[writer.Random.Popular(Types.Length)]);
        int fields = writer.Random.Between(1, 5);
        for (int i = 0; i < fields; i++) Field(writer, i);
        json.EndObject();
    }

    // The leading number makes keys of one object distinct; the rest is a word of the language, so keys can be
    // non-ASCII.
    private static void Field(RecordTextWriter writer, int number)
    {
        Span<byte> key = stackalloc byte[80];
        ReadOnlySpan<byte> word = writer.Language.Word(writer.Random.VeryPopular(200));
        word.CopyTo(key);
        key[word.Length] = (byte)('A' + number);
        writer.Json.Key(key[..(word.Length + 1)]);
        Member(writer, 2);
    }

    // Null is only a member's value: as an item of an array it would be poison.
    private static void Member(RecordTextWriter writer, int depth)
    {
        if (writer.Random.Chance(80)) writer.Json.Value("null"u8);
        else Value(writer, depth);
    }

    private static void Value(RecordTextWriter writer, int depth)
    {
        JsonBuffer json = writer.Json;
        switch (writer.Random.Below(depth > 0 ? 11 : 8))
        {
            case 0: json.Number(writer.Random.Between(-1000, 100_000)); break;
            case 1: json.Value("0.1"u8); break;
            case 2: json.Value(writer.Random.Chance(500) ? "true"u8 : "false"u8); break;
            case 3: json.Value("-12.75"u8); break;
            case 4: writer.Blob(writer.AnyBlob()); break;
            case 5: writer.Feed(writer.AnyAuthor()); break;
            case 6: writer.Title(5); break;
            case 7: writer.Text(writer.Random.Between(5, 150)); break;
            case 8: Items(writer, depth - 1); break;
            case 9: json.Array().EndArray(); break;
            default: Members(writer, depth - 1); break;
        }
    }

    private static void Items(RecordTextWriter writer, int depth)
    {
        writer.Json.Array();
        for (int i = writer.Random.Below(4); i >= 0; i--) Value(writer, depth);
        writer.Json.EndArray();
    }

    private static void Members(RecordTextWriter writer, int depth)
    {
        ReadOnlySpan<byte> names = "xyzw"u8;
        writer.Json.Object();
        for (int i = writer.Random.Below(names.Length); i >= 0; i--)
        {
            writer.Json.Key(names.Slice(i, 1));
            Member(writer, depth);
        }
        writer.Json.EndObject();
    }
}
