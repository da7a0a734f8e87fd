using Flume.Tools.Generate.Planning;

namespace Flume.Tools.Generate.Contents;

/// <summary>Contents that are valid but unusual, which a reader of logs must handle.</summary>
internal static class OddContent
{
    /// <summary>Writes the content of an odd message: an object, or a string that looks encrypted.</summary>
    public static void Write(RecordTextWriter writer, OddVariant variant)
    {
        switch (variant)
        {
            case OddVariant.LongestType: Typed(writer, "an-unusually-long-type-name-that-fills-52-characters"u8); break;
            case OddVariant.LongType: Typed(writer, "post-in-a-type-longer-than-32-characters"u8); break;
            case OddVariant.ShortestType: Typed(writer, "odd"u8); break;
            case OddVariant.IntegerKeys: IntegerKeys(writer); break;
            case OddVariant.Numbers: Numbers(writer); break;
            case OddVariant.LoneSurrogates: Post(writer, "half \\ud83d a pair \\ude00\\ud83d and \\udfff"u8); break;
            case OddVariant.ControlCharacters: ControlCharacters(writer); break;
            case OddVariant.Deep: Deep(writer); break;
            case OddVariant.BentKeys: BentKeys(writer); break;
            case OddVariant.GroupBox: Box(writer, ".box2"u8); break;
            case OddVariant.BrokenBox: Box(writer, ".box"u8); break;
            case OddVariant.BentVote: BentVote(writer); break;
            case OddVariant.BentContact: BentContact(writer); break;
            case OddVariant.BentAbout: BentAbout(writer); break;
            case OddVariant.ClockBackwards or OddVariant.FutureDated or OddVariant.FractionalClock:
            case OddVariant.AuthorFirst:
                PostContent.Write(writer);
                break;
            default: OddPost.Write(writer, variant); break;
        }
    }

    private static void Post(RecordTextWriter writer, ReadOnlySpan<byte> text) =>
        writer.Open("post"u8).Key("text"u8).String(text).EndObject();

    private static void Typed(RecordTextWriter writer, ReadOnlySpan<byte> type)
    {
        writer.Open(type).Key("text"u8);
        writer.Text(200);
        Channels.Write(writer);
        writer.Json.EndObject();
    }

    private static void Box(RecordTextWriter writer, ReadOnlySpan<byte> suffix)
    {
        Span<byte> noise = stackalloc byte[300];
        noise = noise[..writer.Random.Between(100, 300)];
        writer.Random.Fill(noise);
        writer.Json.OpenString().Base64Of(noise).Raw(suffix).CloseString();
    }

    private static void IntegerKeys(RecordTextWriter writer)
    {
        JsonBuffer json = writer.Json.Object().Key("0"u8).String("first"u8);
        json.Key("7"u8).Object().Key("1"u8).Value("1"u8).Key("a"u8).Value("2"u8).EndObject();
        json.Key("4294967294"u8).Value("null"u8).Key("type"u8).String("integer-keys"u8);
        json.Key("4294967295"u8).Value("true"u8).Key("01"u8).Value("1"u8).Key("-1"u8).Value("1"u8).EndObject();
    }

    private static void Numbers(RecordTextWriter writer)
    {
        JsonBuffer json = writer.Open("numbers"u8).Key("large"u8).Array();
        json.Value("1e+21"u8).Value("123456789012345680000"u8).Value("9007199254740992"u8);
        json.Value("1.7976931348623157e+308"u8).EndArray().Key("small"u8).Array();
        json.Value("1e-7"u8).Value("0.000001"u8).Value("5e-324"u8).Value("0"u8).EndArray().Key("negative"u8).Array();
        json.Value("-0.5"u8).Value("-1e-7"u8).Value("-4294967296"u8).EndArray().EndObject();
    }

    private static void ControlCharacters(RecordTextWriter writer) =>
        Post(writer, "nul \\u0000 bell \\u0007 \\b\\f\\r\\t\\u001f del \u007f lines \u2028\u2029 mark \ufeff end"u8);

    private static void Deep(RecordTextWriter writer)
    {
        const int Depth = 15;
        writer.Open("deep"u8).Key("down"u8);
        for (int i = 0; i < Depth; i++) writer.Json.Object().Key("in"u8).Array();
        writer.Feed(writer.AnyAuthor());
        for (int i = 0; i < Depth; i++) writer.Json.EndArray().EndObject();
        writer.Json.EndObject();
    }

    private static void BentKeys(RecordTextWriter writer)
    {
        JsonBuffer json = writer.Open("bent-keys"u8).Key(""u8).Value("1"u8);
        json.Key("\\\""u8).Value("2"u8).Key("\\n"u8).Value("3"u8).Key("ключ 🔑"u8).Value("4"u8);
        json.Key("constructor"u8).String("x"u8).Key("length"u8).Value("-1"u8).EndObject();
    }

    private static void BentVote(RecordTextWriter writer)
    {
        JsonBuffer json = writer.Open("vote"u8).Key("vote"u8).Object().Key("link"u8).String("not an id"u8);
        json.Key("value"u8).String("1"u8).EndObject().EndObject();
    }

    private static void BentContact(RecordTextWriter writer)
    {
        JsonBuffer json = writer.Open("contact"u8).Key("contact"u8).String("@nobody"u8);
        json.Key("following"u8).Value("true"u8).EndObject();
    }

    private static void BentAbout(RecordTextWriter writer)
    {
        JsonBuffer json = writer.Open("about"u8).Key("about"u8);
        writer.Feed(writer.Plan.Author);
        json.Key("name"u8).Value("42"u8).Key("image"u8).Object().EndObject();
        json.Key("description"u8).Value("false"u8).EndObject();
    }
}
