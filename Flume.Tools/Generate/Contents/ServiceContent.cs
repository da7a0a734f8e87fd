namespace Flume.Tools.Generate.Contents;

/// <summary>
/// Messages that programs write: pub addresses, git updates, gatherings, games and other applications.
/// </summary>
internal static class ServiceContent
{
    /// <summary>Writes the address of a pub, in one of the two notations in use.</summary>
    public static void WritePub(RecordTextWriter writer)
    {
        JsonBuffer json = writer.Open("pub"u8).Key("address"u8);
        int pub = writer.AnyAuthor();
        if (writer.Random.Chance(120))
        {
            json.OpenString().Raw("pub.example.org:8008:"u8);
            writer.FeedText(pub);
            json.CloseString().EndObject();
            return;
        }
        json.Object().Key("host"u8).OpenString().Raw("pub"u8).Raw("0123456789"u8.Slice(pub % 10, 1));
        json.Raw(".example.org"u8).CloseString();
        json.Key("port"u8).Number(8008).Key("key"u8);
        writer.Feed(pub);
        json.EndObject().EndObject();
    }

    /// <summary>
    /// Writes a new repository or a push to one: refs are keys with slashes, commits and packs are arrays of objects.
    /// </summary>
    public static void WriteGit(RecordTextWriter writer)
    {
        int repo = writer.Plan.Target;
        if (repo < 0)
        {
            writer.Open("git-repo"u8).Key("name"u8);
            writer.Title(2);
            writer.Json.EndObject();
            return;
        }
        JsonBuffer json = writer.Open("git-update"u8).Key("repo"u8);
        writer.Message(repo);
        json.Key("refs"u8).Object().Key("refs/heads/master"u8);
        Sha1(writer);
        json.EndObject().Key("commits"u8).Array();
        for (int i = writer.Random.Popular(3); i >= 0; i--) Commit(writer);
        json.EndArray().Key("packs"u8).Array();
        Pack(writer);
        json.EndArray().Key("indexes"u8).Array();
        Pack(writer);
        json.EndArray().EndObject();
    }

    /// <summary>Writes an event that later abouts describe.</summary>
    public static void WriteGathering(RecordTextWriter writer)
    {
        JsonBuffer json = writer.Open("gathering"u8);
        if (writer.Random.Chance(300)) json.Key("progenitor"u8).Value("null"u8);
        if (writer.Random.Chance(300)) json.Key("mentions"u8).Array().EndArray();
        json.EndObject();
    }

    private static void Commit(RecordTextWriter writer)
    {
        writer.Json.Object().Key("sha1"u8);
        Sha1(writer);
        writer.Json.Key("title"u8);
        writer.Title(8);
        if (writer.Random.Chance(300))
        {
            writer.Json.Key("body"u8);
            writer.Text(writer.Random.Between(40, 300));
        }
        writer.Json.EndObject();
    }

    private static void Pack(RecordTextWriter writer)
    {
        writer.Json.Object().Key("link"u8);
        writer.Blob(writer.AnyBlob());
        writer.Json.Key("size"u8).Number(writer.Random.Between(100, 200_000)).EndObject();
    }

    private static void Sha1(RecordTextWriter writer)
    {
        Span<byte> hash = stackalloc byte[20];
        Span<byte> hex = stackalloc byte[40];
        writer.Random.Fill(hash);
        Convert.TryToHexStringLower(hash, hex, out _);
        writer.Json.String(hex);
    }
}
