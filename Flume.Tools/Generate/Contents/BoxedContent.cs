using Flume.Tools.Generate.Planning;

namespace Flume.Tools.Generate.Contents;

/// <summary>The plain content of a private box.</summary>
internal static class BoxedContent
{
    /// <summary>The first message of this message's conversation; the message itself if it starts one.</summary>
    public static int StartOf(in MessagePlan plan) => plan.Target >= 0 ? plan.Target : plan.Index;

    /// <summary>Writes a post in most cases; sometimes a private vote or contact.</summary>
    public static void Write(RecordTextWriter scribe, ReadOnlySpan<int> readers)
    {
        int draw = scribe.Random.Below(100);
        if (scribe.Plan.Target >= 0 && draw < 5) Vote(scribe);
        else if (draw >= 97) Contact(scribe);
        else Post(scribe);
        scribe.Json.Key("recps"u8).Array();
        for (int i = 0; i < readers.Length; i++) Reader(scribe, readers[i], named: draw == 7);
        scribe.Json.EndArray().EndObject();
    }

    private static void Post(RecordTextWriter scribe)
    {
        scribe.Open("post"u8).Key("text"u8);
        scribe.Text(PostContent.TextBytes(ref scribe.Random) * 3 / 2);
        if (scribe.Plan.Target < 0) return;
        scribe.Json.Key("root"u8);
        scribe.Message(scribe.Plan.Target);
        scribe.Json.Key("branch"u8);
        scribe.Message(scribe.Plan.Target);
    }

    private static void Vote(RecordTextWriter scribe)
    {
        scribe.Open("vote"u8).Key("vote"u8).Object().Key("link"u8);
        scribe.Message(scribe.Plan.Target);
        scribe.Json.Key("value"u8).Value("1"u8).Key("expression"u8).String("Like"u8).EndObject();
    }

    private static void Contact(RecordTextWriter scribe)
    {
        scribe.Open("contact"u8).Key("contact"u8);
        scribe.Feed(scribe.AnyAuthor());
        scribe.Json.Key(scribe.Random.Chance(500) ? "blocking"u8 : "following"u8).Value("true"u8);
    }

    private static void Reader(RecordTextWriter scribe, int author, bool named)
    {
        if (!named)
        {
            scribe.Feed(author);
            return;
        }
        scribe.Json.Object().Key("link"u8);
        scribe.Feed(author);
        scribe.Json.Key("name"u8);
        scribe.Name(author);
        scribe.Json.EndObject();
    }
}
