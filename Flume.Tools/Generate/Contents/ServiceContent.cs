namespace Flume.Tools.Generate.Contents;

/// <summary>
/// Messages that programs write: pub addresses, git updates, gatherings, games and other applications.
/// </summary>
internal static class ServiceContent
{
    /// <summary>Writes the address of a pub, in one of the two notations in use.</summary>
    public static void WritePub(RecordTextWriter scribe)
    {
        JsonBuffer json = scribe.Open("pub"u8).Key("address"u8);
        int pub = scribe.AnyAuthor();
        if (scribe.Random.Chance(120))
        {
            json.OpenString().Raw("pub.example.org:8008:"u8);
            scribe.FeedText(pub);
            json.CloseString().EndObject();
            return;
        }
        json.Object().Key("host"u8).OpenString().Raw("pub"u8).Raw("0123456789"u8.Slice(pub % 10, 1));
        json.Raw(".example.org"u8).CloseString();
        json.Key("port"u8).Number(8008).Key("key"u8);
        scribe.Feed(pub);
        json.EndObject().EndObject();
    }

    /// <summary>
    /// Writes a new repository or a push to one: refs are keys with slashes, commits and packs are arrays of objects.
    /// </summary>
    public static void WriteGit(RecordTextWriter scribe)
    {
        int repo = scribe.Plan.Target;
        if (repo < 0)
        {
            scribe.Open("git-repo"u8).Key("name"u8);
            scribe.Title(2);
            scribe.Json.EndObject();
            return;
        }
        JsonBuffer json = scribe.Open("git-update"u8).Key("repo"u8);
        scribe.Message(repo);
        json.Key("refs"u8).Object().Key("refs/heads/master"u8);
        Sha1(scribe);
        json.EndObject().Key("commits"u8).Array();
        for (int i = scribe.Random.Popular(3); i >= 0; i--) Commit(scribe);
        json.EndArray().Key("packs"u8).Array();
        Pack(scribe);
        json.EndArray().Key("indexes"u8).Array();
        Pack(scribe);
        json.EndArray().EndObject();
    }

    /// <summary>Writes an event that later abouts describe.</summary>
    public static void WriteGathering(RecordTextWriter scribe)
    {
        JsonBuffer json = scribe.Open("gathering"u8);
        if (scribe.Random.Chance(300)) json.Key("progenitor"u8).Value("null"u8);
        if (scribe.Random.Chance(300)) json.Key("mentions"u8).Array().EndArray();
        json.EndObject();
    }

    private static void Commit(RecordTextWriter scribe)
    {
        scribe.Json.Object().Key("sha1"u8);
        Sha1(scribe);
        scribe.Json.Key("title"u8);
        scribe.Title(8);
        if (scribe.Random.Chance(300))
        {
            scribe.Json.Key("body"u8);
            scribe.Text(scribe.Random.Between(40, 300));
        }
        scribe.Json.EndObject();
    }

    private static void Pack(RecordTextWriter scribe)
    {
        scribe.Json.Object().Key("link"u8);
        scribe.Blob(scribe.AnyBlob());
        scribe.Json.Key("size"u8).Number(scribe.Random.Between(100, 200_000)).EndObject();
    }

    private static void Sha1(RecordTextWriter scribe)
    {
        Span<byte> hash = stackalloc byte[20];
        Span<byte> hex = stackalloc byte[40];
        scribe.Random.Fill(hash);
        Convert.TryToHexStringLower(hash, hex, out _);
        scribe.Json.String(hex);
    }
}
