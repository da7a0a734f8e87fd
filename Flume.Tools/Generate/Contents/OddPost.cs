using Flume.Tools.Generate.Planning;

namespace Flume.Tools.Generate.Contents;

/// <summary>
/// Odd messages that are posts: the unusual field is the text, the thread, the channel or the mentions.
/// </summary>
internal static class OddPost
{
    /// <summary>Writes a post with one unusual field.</summary>
    public static void Write(RecordTextWriter writer, OddVariant variant)
    {
        JsonBuffer json = writer.Open("post"u8);
        if (variant is OddVariant.MentionsObject or OddVariant.MentionsStrings or OddVariant.DanglingRoot)
        {
            json.Key("text"u8);
            writer.Text(80);
        }
        switch (variant)
        {
            case OddVariant.Longest: Longest(writer); break;
            case OddVariant.MentionsObject: MentionsObject(writer); break;
            case OddVariant.MentionsStrings: MentionsStrings(writer); break;
            case OddVariant.DanglingRoot: DanglingRoot(writer); break;
            case OddVariant.BentText: json.Key("text"u8).Value("12.5"u8).Key("channel"u8).String(""u8); break;
            case OddVariant.BentChannel: BentChannel(writer); break;
            default: json.Key("mentions"u8).Array().EndArray(); break;
        }
        json.EndObject();
    }

    /// <summary>Writes a post that stops a JavaScript view permanently.</summary>
    public static void WritePoison(RecordTextWriter writer, PoisonVariant variant)
    {
        JsonBuffer json = writer.Open("post"u8).Key("text"u8);
        writer.Text(60);
        switch (variant)
        {
            case PoisonVariant.RootObject: json.Key("root"u8).Object().Key("a"u8).Value("1"u8).EndObject(); break;
            case PoisonVariant.ChannelObject: json.Key("channel"u8).Object().Key("a"u8).Value("1"u8).EndObject(); break;
            case PoisonVariant.NullMention: json.Key("mentions"u8).Array().Value("null"u8).EndArray(); break;
            default:
                json.Key("mentions"u8).Array().Object().Key("link"u8);
                writer.Feed(writer.AnyAuthor());
                json.Key("name"u8).Value("5"u8).EndObject().EndArray();
                break;
        }
        json.EndObject();
    }

    // The padding is ASCII, so that one byte more is one UTF-16 unit more.
    private static void Longest(RecordTextWriter writer)
    {
        writer.Json.Key("text"u8).OpenString().Raw("long "u8);
        for (int left = writer.Padding; left > 0; left--) writer.Json.Raw("-"u8);
        writer.Json.CloseString();
    }

    private static void MentionsObject(RecordTextWriter writer)
    {
        writer.Json.Key("mentions"u8).Object().Key("0"u8).Object().Key("link"u8);
        writer.Feed(writer.AnyAuthor());
        writer.Json.Key("name"u8).String("zero"u8).EndObject().EndObject();
    }

    private static void MentionsStrings(RecordTextWriter writer)
    {
        writer.Json.Key("mentions"u8).Array();
        writer.Feed(writer.AnyAuthor());
        writer.UnknownMessage();
        writer.Json.EndArray();
    }

    private static void DanglingRoot(RecordTextWriter writer)
    {
        writer.Json.Key("root"u8);
        writer.UnknownMessage();
        writer.Json.Key("branch"u8).Array().EndArray();
    }

    private static void BentChannel(RecordTextWriter writer)
    {
        writer.Json.Key("text"u8).String("#Not A Channel!"u8);
        writer.Json.Key("channel"u8).String("#Not A (Channel)! Or <is> it, [really], with \\\"quotes\\\"?"u8);
    }
}
