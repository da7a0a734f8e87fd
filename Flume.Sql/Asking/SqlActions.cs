using SQLitePCL;

namespace Flume.Sql.Asking;

/// <summary>Names what SQLite's authorizer is asked about, for error messages.</summary>
internal static class SqlActions
{
    private static readonly Dictionary<int, string> Names = new()
    {
        [raw.SQLITE_ATTACH] = "ATTACH",
        [raw.SQLITE_DETACH] = "DETACH",
        [raw.SQLITE_PRAGMA] = "PRAGMA",
        [raw.SQLITE_INSERT] = "INSERT",
        [raw.SQLITE_UPDATE] = "UPDATE",
        [raw.SQLITE_DELETE] = "DELETE",
        [raw.SQLITE_TRANSACTION] = "BEGIN, COMMIT and ROLLBACK",
        [raw.SQLITE_SAVEPOINT] = "SAVEPOINT",
        [raw.SQLITE_FUNCTION] = "the function",
        [raw.SQLITE_REINDEX] = "REINDEX",
        [raw.SQLITE_ANALYZE] = "ANALYZE",
        [raw.SQLITE_ALTER_TABLE] = "ALTER TABLE",
    };

    /// <summary>The action in words, with what it was to act on.</summary>
    internal static string Describe(int action, string? one, string? two)
    {
        string name = Names.GetValueOrDefault(action) ?? "CREATE or DROP";
        string of = action == raw.SQLITE_FUNCTION ? two ?? "" : one ?? "";
        return of.Length == 0 ? name : $"{name} {of}";
    }
}
