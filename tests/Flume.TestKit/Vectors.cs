namespace Flume.TestKit;

/// <summary>Finds <c>tests/vectors</c> upwards from the test assembly.</summary>
internal static class Vectors
{
    internal static string Root { get; } = Find();

    internal static string Small => Path.Combine(Root, "small");

    internal static string Log => Path.Combine(Small, "log.offset");

    internal static string Secret => Path.Combine(Small, "secret");

    internal static string Golden => Path.Combine(Small, "golden");

    private static string Find()
    {
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            string vectors = Path.Combine(at.FullName, "tests", "vectors");
            if (Directory.Exists(vectors)) return vectors;
        }
        throw new DirectoryNotFoundException($"No tests/vectors above {AppContext.BaseDirectory}.");
    }
}
