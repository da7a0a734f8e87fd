namespace Flume.Tools.Generate.Contents;

/// <summary>The properties of linked blobs.</summary>
internal static class Blobs
{
    /// <summary>Writes the type and size of a blob: equal in every link to it.</summary>
    public static void Describe(RecordTextWriter writer, int blob)
    {
        var random = new RandomStream(writer.Options.Seed, StreamOf.Blob, ~(long)blob);
        writer.Json.Key("type"u8).String(random.Below(10) switch
        {
            < 6 => "image/jpeg"u8,
            < 9 => "image/png"u8,
            _ => "video/mp4"u8,
        });
        writer.Json.Key("size"u8).Number(random.Between(900, 5_000_000));
    }
}
