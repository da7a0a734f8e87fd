using Flume.Tools.Generate.Planning;

namespace Flume.Tools.Generate.Contents;

/// <summary>Posts: text, channel, the thread replied to, mentions.</summary>
internal static class PostContent
{
    /// <summary>Writes a public post.</summary>
    public static void Write(RecordTextWriter scribe)
    {
        JsonBuffer json = scribe.Open("post"u8);
        json.Key("text"u8);
        scribe.Text(TextBytes(ref scribe.Random));
        if (scribe.Random.Chance(310)) Channels.Write(scribe);
        if (scribe.Plan.Target >= 0) Thread(scribe);
        if (scribe.Random.Chance(580)) Mentions(scribe);
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

    private static void Thread(RecordTextWriter scribe)
    {
        ref readonly MessagePlan plan = ref scribe.Plan;
        scribe.Json.Key("root"u8);
        scribe.Message(plan.Target);
        scribe.Json.Key("branch"u8);
        Branch(scribe);
        if (scribe.Random.Chance(250))
        {
            scribe.Json.Key("fork"u8);
            scribe.Message(plan.Branch >= 0 ? plan.Branch : plan.Target);
        }
        if (!scribe.Random.Chance(60)) return;
        scribe.Json.Key("reply"u8).Object().Raw("\""u8);
        scribe.MessageText(plan.Target);
        scribe.Json.Raw("\":"u8);
        scribe.Feed(plan.TargetAuthor);
        scribe.Json.EndObject();
    }

    // Most clients write one branch; some write all heads of the thread, even a single one, as an array.
    private static void Branch(RecordTextWriter scribe)
    {
        ref readonly MessagePlan plan = ref scribe.Plan;
        int draw = scribe.Random.Below(100);
        int newest = plan.Branch >= 0 ? plan.Branch : plan.Target;
        if (draw < 60)
        {
            scribe.Message(draw < 25 ? plan.Target : newest);
            return;
        }
        scribe.Json.Array();
        if (draw >= 75 && plan.SecondBranch >= 0) scribe.Message(plan.SecondBranch);
        scribe.Message(newest);
        scribe.Json.EndArray();
    }

    private static void Mentions(RecordTextWriter scribe)
    {
        JsonBuffer json = scribe.Json.Key("mentions"u8).Array();
        int count = 1 + ((scribe.Random.Below(4) + scribe.Random.Below(4)) / 2);
        for (int i = 0; i < count; i++) Mention(scribe);
        json.EndArray();
    }

    private static void Mention(RecordTextWriter scribe)
    {
        JsonBuffer json = scribe.Json;
        int draw = scribe.Random.Below(100);
        if (draw < 58) FeedMention(scribe, scribe.AnyAuthor(), named: draw < 54);
        else if (draw < 88) BlobMention(scribe, scribe.AnyBlob());
        else if (draw < 97) TagMention(scribe);
        else if (scribe.Plan.Target < 0) json.Object().Key("link"u8).Value("false"u8).EndObject();
        else
        {
            json.Object().Key("link"u8);
            scribe.Message(scribe.Plan.Target);
            json.EndObject();
        }
    }

    private static void TagMention(RecordTextWriter scribe)
    {
        JsonBuffer json = scribe.Json.Object().Key("link"u8).OpenString().Raw("#"u8);
        json.Raw(Channels.Any(ref scribe.Random)).CloseString().EndObject();
    }

    private static void FeedMention(RecordTextWriter scribe, int author, bool named)
    {
        scribe.Json.Object().Key("link"u8);
        scribe.Feed(author);
        if (named)
        {
            scribe.Json.Key("name"u8);
            scribe.Name(author);
        }
        scribe.Json.EndObject();
    }

    private static void BlobMention(RecordTextWriter scribe, int blob)
    {
        scribe.Json.Object().Key("link"u8);
        scribe.Blob(blob);
        Blobs.Describe(scribe, blob);
        if (scribe.Random.Chance(200))
        {
            scribe.Json.Key("name"u8);
            scribe.Title(3);
        }
        scribe.Json.EndObject();
    }
}
