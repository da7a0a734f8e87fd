namespace Flume.Tools.Generate.Contents;

/// <summary>Social messages without text: votes, follows, blocks, names and pictures.</summary>
internal static class SocialContent
{
    /// <summary>Writes a like; sometimes its withdrawal or a dislike.</summary>
    public static void WriteVote(RecordTextWriter writer)
    {
        int draw = writer.Random.Below(100);
        JsonBuffer json = writer.Open("vote"u8).Key("vote"u8).Object().Key("link"u8);
        writer.Message(writer.Plan.Target);
        json.Key("value"u8).Value(draw < 94 ? "1"u8 : draw < 97 ? "0"u8 : "-1"u8).Key("expression"u8);
        json.String(draw < 50 ? "Like"u8 : draw < 70 ? "y"u8 : draw < 80 ? "❤"u8 : draw < 94 ? "Dig"u8 : "Unlike"u8);
        json.EndObject();
        if (draw % 10 == 0) Channels.Write(writer);
        json.EndObject();
    }

    /// <summary>Writes a follow in most cases; else an unfollow, a block or the end of one.</summary>
    public static void WriteContact(RecordTextWriter writer)
    {
        JsonBuffer json = writer.Open("contact"u8).Key("contact"u8);
        writer.Feed(writer.AnyAuthor());
        int draw = writer.Random.Below(100);
        if (draw < 66) json.Key("following"u8).Value("true"u8);
        else if (draw < 70) json.Key("following"u8).Value("true"u8).Key("blocking"u8).Value("false"u8);
        else if (draw < 73) json.Key("following"u8).Value("true"u8).Key("autofollow"u8).Value("true"u8);
        else if (draw < 80) json.Key("following"u8).Value("false"u8);
        else if (draw < 90) json.Key("blocking"u8).Value("true"u8);
        else if (draw < 96) json.Key("following"u8).Value("false"u8).Key("blocking"u8).Value("true"u8);
        else if (draw < 98) json.Key("blocking"u8).Value("false"u8);
        else
        {
            json.Key("flagged"u8).Object().Key("reason"u8);
            writer.Title(3);
            json.EndObject();
        }
        json.EndObject();
    }

    /// <summary>
    /// Writes a name, image or description: in most cases of the author, else of a gathering or another author.
    /// </summary>
    public static void WriteAbout(RecordTextWriter writer)
    {
        JsonBuffer json = writer.Open("about"u8).Key("about"u8);
        if (writer.Plan.Target >= 0)
        {
            writer.Message(writer.Plan.Target);
            AboutGathering(writer);
            json.EndObject();
            return;
        }
        int subject = writer.Random.Chance(880) ? writer.Plan.Author : writer.AnyAuthor();
        writer.Feed(subject);
        int draw = writer.Random.Below(100);
        if (draw < 64) NameKey(writer, subject, own: draw < 52);
        if (draw is >= 40 and < 90) Image(writer, draw);
        if (draw is >= 84 or < 18) Description(writer);
        if (draw == 45) json.Key("publicWebHosting"u8).Value("true"u8);
        json.EndObject();
    }

    private static void NameKey(RecordTextWriter writer, int subject, bool own)
    {
        writer.Json.Key("name"u8);
        if (own) writer.Name(subject);
        else writer.Title(3);
    }

    private static void Image(RecordTextWriter writer, int draw)
    {
        int blob = writer.AnyBlob();
        writer.Json.Key("image"u8);
        if (draw % 2 == 0)
        {
            writer.Blob(blob);
            return;
        }
        writer.Json.Object().Key("link"u8);
        writer.Blob(blob);
        if (draw % 4 == 1)
        {
            Blobs.Describe(writer, blob);
            writer.Json.Key("width"u8).Number(512).Key("height"u8).Number(512);
        }
        writer.Json.EndObject();
    }

    private static void Description(RecordTextWriter writer)
    {
        writer.Json.Key("description"u8);
        writer.Text(writer.Random.Between(10, 400));
    }

    private static void AboutGathering(RecordTextWriter writer)
    {
        JsonBuffer json = writer.Json;
        int draw = writer.Random.Below(3);
        if (draw == 0)
        {
            json.Key("attendee"u8).Object().Key("link"u8);
            writer.Feed(writer.Plan.Author);
            if (writer.Random.Chance(150)) json.Key("remove"u8).Value("true"u8);
            json.EndObject();
            return;
        }
        json.Key("title"u8);
        writer.Title(6);
        if (draw == 1) Description(writer);
        json.Key("startDateTime"u8).Object().Key("epoch"u8);
        json.Number((long)writer.Plan.Claimed + writer.Random.Between(1, 2_000_000_000));
        json.Key("tz"u8).String("Pacific/Auckland"u8).Key("silent"u8).Value("false"u8).EndObject();
    }
}
