using Flume.Tools.Generate.Planning;

namespace Flume.Tools.Generate.Contents;

/// <summary>
/// Odd messages that are posts: the unusual field is the text, the thread, the channel or the mentions.
/// </summary>
internal static class OddPost
{
    /// <summary>Writes a post with one unusual field.</summary>
    public static void Write(RecordTextWriter scribe, OddVariant variant)
    {
        JsonBuffer json = scribe.Open("post"u8);
        if (variant is OddVariant.MentionsObject or OddVariant.MentionsStrings or OddVariant.DanglingRoot)
        {
            json.Key("text"u8);
            scribe.Text(80);
        }
        switch (variant)
        {
            case OddVariant.Longest: Longest(scribe); break;
            case OddVariant.MentionsObject: MentionsObject(scribe); break;
            case OddVariant.MentionsStrings: MentionsStrings(scribe); break;
            case OddVariant.DanglingRoot: DanglingRoot(scribe); break;
            case OddVariant.BentText: json.Key("text"u8).Value("12.5"u8).Key("channel"u8).String(""u8); break;
            case OddVariant.BentChannel: BentChannel(scribe); break;
            default: json.Key("mentions"u8).Array().EndArray(); break;
        }
        json.EndObject();
    }

    /// <summary>Writes a post that stops a JavaScript view permanently.</summary>
    public static void WritePoison(RecordTextWriter scribe, PoisonVariant variant)
    {
        JsonBuffer json = scribe.Open("post"u8).Key("text"u8);
        scribe.Text(60);
        switch (variant)
        {
            case PoisonVariant.RootObject: json.Key("root"u8).Object().Key("a"u8).Value("1"u8).EndObject(); break;
            case PoisonVariant.ChannelObject: json.Key("channel"u8).Object().Key("a"u8).Value("1"u8).EndObject(); break;
            case PoisonVariant.NullMention: json.Key("mentions"u8).Array().Value("null"u8).EndArray(); break;
            default:
                json.Key("mentions"u8).Array().Object().Key("link"u8);
                scribe.Feed(scribe.AnyAuthor());
                json.Key("name"u8).Value("5"u8).EndObject().EndArray();
                break;
        }
        json.EndObject();
    }

    // The padding is ASCII, so that one byte more is one UTF-16 unit more.
    private static void Longest(RecordTextWriter scribe)
    {
        scribe.Json.Key("text"u8).OpenString().Raw("long "u8);
        for (int left = scribe.Padding; left > 0; left--) scribe.Json.Raw("-"u8);
        scribe.Json.CloseString();
    }

    private static void MentionsObject(RecordTextWriter scribe)
    {
        scribe.Json.Key("mentions"u8).Object().Key("0"u8).Object().Key("link"u8);
        scribe.Feed(scribe.AnyAuthor());
        scribe.Json.Key("name"u8).String("zero"u8).EndObject().EndObject();
    }

    private static void MentionsStrings(RecordTextWriter scribe)
    {
        scribe.Json.Key("mentions"u8).Array();
        scribe.Feed(scribe.AnyAuthor());
        scribe.UnknownMessage();
        scribe.Json.EndArray();
    }

    private static void DanglingRoot(RecordTextWriter scribe)
    {
        scribe.Json.Key("root"u8);
        scribe.UnknownMessage();
        scribe.Json.Key("branch"u8).Array().EndArray();
    }

    private static void BentChannel(RecordTextWriter scribe)
    {
        scribe.Json.Key("text"u8).String("#Not A Channel!"u8);
        scribe.Json.Key("channel"u8).String("#Not A (Channel)! Or <is> it, [really], with \\\"quotes\\\"?"u8);
    }
}
