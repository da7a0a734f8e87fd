namespace Flume.Sql.Tests;

/// <summary>The sample log that comes with the sources.</summary>
internal static class Vectors
{
    public static string Folder { get; } = Path.Combine(Root(), "tests", "vectors", "small");

    public static string Log => Path.Combine(Folder, "log.offset");

    public static string Secret => Path.Combine(Folder, "secret");

    public static string Root()
    {
        DirectoryInfo? at = new(AppContext.BaseDirectory);
        while (at is not null && !File.Exists(Path.Combine(at.FullName, "Flume.sln"))) at = at.Parent;
        return at?.FullName ?? throw new InvalidOperationException($"No Flume.sln above {AppContext.BaseDirectory}.");
    }
}
