using Flume.Query.Json;
using Flume.Sql.Asking;
using Flume.Sql.Store;

namespace Flume.Sql.Tests;

/// <summary>A file of a log, asked as callers ask it.</summary>
internal sealed class AskedFile : IDisposable
{
    private readonly SqlViewStore _store;

    public AskedFile(SqlFixture given, SqlOptions options)
    {
        Path = given.Build(options);
        _store = new SqlViewStore(Path, options, given.Place());
    }

    public string Path { get; }

    public SqlViewStore Store => _store;

    public SqlLimits Limits { get; set; } = new();

    /// <summary>The rows of a statement, a line each, values separated by a bar.</summary>
    public string Ask(string sql, string parameters = "null", int? rows = null)
    {
        using var reader = (SqlReader)_store.OpenReader();
        using SqlQuery query = reader.Query(new SqlRequest(sql, JsValue.Parse(parameters), rows), Limits);
        List<string> lines = [];
        while (query.Step()) lines.Add(string.Join('|', query.Columns.Select((_, i) => Text(query.Value(i)))));
        if (query.Truncated is { } why) lines.Add($"({why})");
        return string.Join('\n', lines);
    }

    /// <summary>Why a statement has no answer.</summary>
    public SqlRefusal Refusal(string sql, string parameters = "null") =>
        Assert.Throws<SqlQueryException>(() => Ask(sql, parameters)).Refusal;

    public void Dispose() => _store.Dispose();

    private static string Text(JsValue value) => value.IsString ? value.AsString : value.ToJson();
}
