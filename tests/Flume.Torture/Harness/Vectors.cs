namespace Flume.Torture;

/// <summary>The small log of the test vectors, with its key pair, beside the program.</summary>
internal static class Vectors
{
    private static string Folder => Path.Combine(AppContext.BaseDirectory, "vectors", "small");

    public static string Log => Path.Combine(Folder, "log.offset");

    public static string Secret => Path.Combine(Folder, "secret");

    /// <summary>Makes the folder of an identity that has the small log.</summary>
    public static void PutIdentity(string data, string name)
    {
        string folder = Path.Combine(data, "identities", name);
        Directory.CreateDirectory(folder);
        File.Copy(Log, Path.Combine(folder, "log.offset"));
        File.Copy(Secret, Path.Combine(folder, "secret"));
    }
}
