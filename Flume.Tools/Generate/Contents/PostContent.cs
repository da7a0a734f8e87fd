using Flume.Tools.Generate.Planning;

namespace Flume.Tools.Generate.Contents;

/// <summary>Posts: text, channel, the thread replied to, mentions.</summary>
internal static class PostContent
{
    /// <summary>Writes a public post.</summary>
    public static void Write(RecordTextWriter writer)
    {
        JsonBuffer json = writer.Open("post"u8);
        json.Key("text"u8);
        writer.Text(TextBytes(ref writer.Random));
        if (writer.Random.Chance(310)) Channels.Write(writer);
        if (writer.Plan.Target >= 0) Thread(writer);
        if (writer.Random.Chance(580)) Mentions(writer);
        json.EndObject();
    }

    /// <summary>The length of a text: many texts are a few words, but long ones hold most of the bytes.</summary>
    public static int TextBytes(ref RandomStream random)
    {
        int draw = random.Below(100);
        if (draw < 42) return random.Between(4, 60);
        if (draw < 70) return random.Between(100, 600);
        return random.Between(600, 1600);
    }

    private static void Thread(RecordTextWriter writer)
    {
        ref readonly MessagePlan plan = ref writer.Plan;
        writer.Json.Key("root"u8);
        writer.Message(plan.Target);
        writer.Json.Key("branch"u8);
        Branch(writer);
        if (writer.Random.Chance(250))
        {
            writer.Json.Key("fork"u8);
            writer.Message(plan.Branch >= 0 ? plan.Branch : plan.Target);
        }
        if (!writer.Random.Chance(60)) return;
        writer.Json.Key("reply"u8).Object().Raw("\""u8);
        writer.MessageText(plan.Target);
        writer.Json.Raw("\":"u8);
        writer.Feed(plan.TargetAuthor);
        writer.Json.EndObject();
    }

    // Most clients write one branch; some write all heads of the thread, even a single one, as an array.
    private static void Branch(RecordTextWriter writer)
    {
        ref readonly MessagePlan plan = ref writer.Plan;
        int draw = writer.Random.Below(100);
        int newest = plan.Branch >= 0 ? plan.Branch : plan.Target;
        if (draw < 60)
        {
            writer.Message(draw < 25 ? plan.Target : newest);
            return;
        }
        writer.Json.Array();
        if (draw >= 75 && plan.SecondBranch >= 0) writer.Message(plan.SecondBranch);
        writer.Message(newest);
        writer.Json.EndArray();
    }

    private static void Mentions(RecordTextWriter writer)
    {
        JsonBuffer json = writer.Json.Key("mentions"u8).Array();
        int count = 1 + ((writer.Random.Below(4) + writer.Random.Below(4)) / 2);
        for (int i = 0; i < count; i++) Mention(writer);
        json.EndArray();
    }

    private static void Mention(RecordTextWriter writer)
    {
        JsonBuffer json = writer.Json;
        int draw = writer.Random.Below(100);
        if (draw < 58) FeedMention(writer, writer.AnyAuthor(), named: draw < 54);
        else if (draw < 88) BlobMention(writer, writer.AnyBlob());
        else if (draw < 97) TagMention(writer);
        else if (writer.Plan.Target < 0) json.Object().Key("link"u8).Value("false"u8).EndObject();
        else
        {
            json.Object().Key("link"u8);
            writer.Message(writer.Plan.Target);
            json.EndObject();
        }
    }

    private static void TagMention(RecordTextWriter writer)
    {
        JsonBuffer json = writer.Json.Object().Key("link"u8).OpenString().Raw("#"u8);
        json.Raw(Channels.Any(ref writer.Random)).CloseString().EndObject();
    }

    private static void FeedMention(RecordTextWriter writer, int author, bool named)
    {
        writer.Json.Object().Key("link"u8);
        writer.Feed(author);
        if (named)
        {
            writer.Json.Key("name"u8);
            writer.Name(author);
        }
        writer.Json.EndObject();
    }

    private static void BlobMention(RecordTextWriter writer, int blob)
    {
        writer.Json.Object().Key("link"u8);
        writer.Blob(blob);
        Blobs.Describe(writer, blob);
        if (writer.Random.Chance(200))
        {
            writer.Json.Key("name"u8);
            writer.Title(3);
        }
        writer.Json.EndObject();
    }
}
