using Flume.Query.Json;

namespace Flume.Sql.Asking;

/// <summary>One statement with its parameters.</summary>
/// <param name="Sql">One SELECT statement.</param>
/// <param name="Parameters">An array for <c>?</c>, an object for <c>:name</c>; undefined for none.</param>
/// <param name="Rows">Rows wanted at most; null for the default.</param>
internal sealed record SqlRequest(string Sql, JsValue Parameters, int? Rows)
{
    /// <summary>A statement without parameters.</summary>
    internal SqlRequest(string sql)
        : this(sql, JsValue.Undefined, null)
    {
    }
}
