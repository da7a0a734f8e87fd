using Flume.Tools.Generate.Planning;

namespace Flume.Tools.Generate.Contents;

/// <summary>The plain content of a private box.</summary>
internal static class BoxedContent
{
    /// <summary>The first message of this message's conversation; the message itself if it starts one.</summary>
    public static int StartOf(in MessagePlan plan) => plan.Target >= 0 ? plan.Target : plan.Index;

    /// <summary>Writes a post in most cases; sometimes a private vote or contact.</summary>
    public static void Write(RecordTextWriter writer, ReadOnlySpan<int> readers)
    {
        int draw = writer.Random.Below(100);
        if (writer.Plan.Target >= 0 && draw < 5) Vote(writer);
        else if (draw >= 97) Contact(writer);
        else Post(writer);
        writer.Json.Key("recps"u8).Array();
        for (int i = 0; i < readers.Length; i++) Reader(writer, readers[i], named: draw == 7);
        writer.Json.EndArray().EndObject();
    }

    private static void Post(RecordTextWriter writer)
    {
        writer.Open("post"u8).Key("text"u8);
        writer.Text(PostContent.TextBytes(ref writer.Random) * 3 / 2);
        if (writer.Plan.Target < 0) return;
        writer.Json.Key("root"u8);
        writer.Message(writer.Plan.Target);
        writer.Json.Key("branch"u8);
        writer.Message(writer.Plan.Target);
    }

    private static void Vote(RecordTextWriter writer)
    {
        writer.Open("vote"u8).Key("vote"u8).Object().Key("link"u8);
        writer.Message(writer.Plan.Target);
        writer.Json.Key("value"u8).Value("1"u8).Key("expression"u8).String("Like"u8).EndObject();
    }

    private static void Contact(RecordTextWriter writer)
    {
        writer.Open("contact"u8).Key("contact"u8);
        writer.Feed(writer.AnyAuthor());
        writer.Json.Key(writer.Random.Chance(500) ? "blocking"u8 : "following"u8).Value("true"u8);
    }

    private static void Reader(RecordTextWriter writer, int author, bool named)
    {
        if (!named)
        {
            writer.Feed(author);
            return;
        }
        writer.Json.Object().Key("link"u8);
        writer.Feed(author);
        writer.Json.Key("name"u8);
        writer.Name(author);
        writer.Json.EndObject();
    }
}
