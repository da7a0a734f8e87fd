using System.Text;
using Flume.Tools.Generate.Text;

namespace Flume.Tools.Generate.Contents;

/// <summary>
/// Messages of applications that no view knows: every JSON shape, with types of their own.
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
    public static void Write(RecordTextWriter scribe)
    {
        JsonBuffer json = scribe.Open(Types[scribe.Random.Popular(Types.Length)]);
        int fields = scribe.Random.Between(1, 5);
        for (int i = 0; i < fields; i++) Field(scribe, i);
        json.EndObject();
    }

    // The leading number makes keys of one object distinct; the rest is a word of the language, so keys can be
    // non-ASCII.
    private static void Field(RecordTextWriter scribe, int number)
    {
        Span<byte> key = stackalloc byte[80];
        ReadOnlySpan<byte> word = scribe.Language.Word(scribe.Random.VeryPopular(200));
        word.CopyTo(key);
        key[word.Length] = (byte)('A' + number);
        scribe.Json.Key(key[..(word.Length + 1)]);
        Member(scribe, 2);
    }

    // Null is only a member's value: as an item of an array it would be poison.
    private static void Member(RecordTextWriter scribe, int depth)
    {
        if (scribe.Random.Chance(80)) scribe.Json.Value("null"u8);
        else Value(scribe, depth);
    }

    private static void Value(RecordTextWriter scribe, int depth)
    {
        JsonBuffer json = scribe.Json;
        switch (scribe.Random.Below(depth > 0 ? 11 : 8))
        {
            case 0: json.Number(scribe.Random.Between(-1000, 100_000)); break;
            case 1: json.Value("0.1"u8); break;
            case 2: json.Value(scribe.Random.Chance(500) ? "true"u8 : "false"u8); break;
            case 3: json.Value("-12.75"u8); break;
            case 4: scribe.Blob(scribe.AnyBlob()); break;
            case 5: scribe.Feed(scribe.AnyAuthor()); break;
            case 6: scribe.Title(5); break;
            case 7: scribe.Text(scribe.Random.Between(5, 150)); break;
            case 8: Items(scribe, depth - 1); break;
            case 9: json.Array().EndArray(); break;
            default: Members(scribe, depth - 1); break;
        }
    }

    private static void Items(RecordTextWriter scribe, int depth)
    {
        scribe.Json.Array();
        for (int i = scribe.Random.Below(4); i >= 0; i--) Value(scribe, depth);
        scribe.Json.EndArray();
    }

    private static void Members(RecordTextWriter scribe, int depth)
    {
        ReadOnlySpan<byte> names = "xyzw"u8;
        scribe.Json.Object();
        for (int i = scribe.Random.Below(names.Length); i >= 0; i--)
        {
            scribe.Json.Key(names.Slice(i, 1));
            Member(scribe, depth);
        }
        scribe.Json.EndObject();
    }
}
