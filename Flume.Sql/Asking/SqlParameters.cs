using Flume.Query.Json;
using SQLitePCL;

namespace Flume.Sql.Asking;

/// <summary>
/// Binds a caller's values to the parameters of a statement; each must be there, and none be left over.
/// </summary>
internal static class SqlParameters
{
    /// <summary>Binds them.</summary>
    /// <exception cref="SqlQueryException">One is missing, left over, or no value of SQL.</exception>
    internal static void Bind(sqlite3_stmt statement, JsValue given)
    {
        int count = raw.sqlite3_bind_parameter_count(statement);
        if (given.IsObject) BindNamed(statement, given.AsObject, count);
        else if (given.IsArray || given.IsNullish) BindListed(statement, given, count);
        else throw Wrong($"\"params\" is {given.ToJson()}; expected an array for ?, or an object for :name.");
    }

    private static void BindListed(sqlite3_stmt statement, JsValue given, int count)
    {
        int have = given.IsArray ? given.AsArray.Count : 0;
        if (have != count)
            throw Wrong(
                $"The statement has {count} parameters and \"params\" has {have} values. Give one value for each.");
        for (int i = 0; i < count; i++) BindOne(statement, i + 1, given.AsArray[i], $"value {i + 1}");
    }

    private static void BindNamed(sqlite3_stmt statement, JsObject given, int count)
    {
        for (int i = 1; i <= count; i++)
        {
            string? name = raw.sqlite3_bind_parameter_name(statement, i).utf8_to_string();
            if (string.IsNullOrEmpty(name))
                throw Wrong(
                    $"Parameter {i} has no name and \"params\" is an object. Name it, as :name, or give an array.");
            if (!given.TryGet(name[1..], out JsValue value))
                throw Wrong($"\"params\" has no member \"{name[1..]}\" for the parameter {name}.");
            BindOne(statement, i, value, name);
        }
    }

    private static void BindOne(sqlite3_stmt statement, int index, JsValue value, string what)
    {
        if (value.IsNullish) raw.sqlite3_bind_null(statement, index);
        else if (value.IsString) raw.sqlite3_bind_text(statement, index, value.AsString);
        else if (value.IsBoolean) raw.sqlite3_bind_int64(statement, index, value.IsTruthy ? 1 : 0);
        else if (value.IsNumber && IsWhole(value.AsNumber))
            raw.sqlite3_bind_int64(statement, index, (long)value.AsNumber);
        else if (value.IsNumber) raw.sqlite3_bind_double(statement, index, value.AsNumber);
        else throw Wrong(
            $"The {what} of \"params\" is {value.ToJson()}; expected text, a number, true, false or null.");
    }

    private static bool IsWhole(double number) => Math.Abs(number) < (1L << 53) && Math.Floor(number) == number;

    private static SqlQueryException Wrong(string text) => new(SqlRefusal.Parameter, text);
}
