namespace Flume.Sql.Tests;

/// <summary>A test with SQLite's own shell: skipped, with the reason, where it is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class SqliteShellFactAttribute : FactAttribute
{
    public SqliteShellFactAttribute()
    {
        string[] folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        if (!Array.Exists(folders, folder => File.Exists(Path.Combine(folder, "sqlite3"))))
            Skip = "sqlite3 is not installed: apt-get install sqlite3.";
    }
}
