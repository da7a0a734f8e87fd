using System.Runtime.CompilerServices;
using Flume.Query.Json;
using Flume.Sql.Asking;
using Flume.Sql.Native;
using Flume.Ssb.Api;
using Flume.Views.Store;

namespace Flume.Sql.Api;

/// <summary>The API method <c>sql.query</c>: one SELECT statement, its rows as objects.</summary>
internal static class SqlMethods
{
    private const string Summary =
        "({sql, params: [values] | {name: value}, limit}): the rows of one SELECT over the SQL view, each an object.";

    internal static IEnumerable<ApiMethod> Of(SqlLimits limits)
    {
        var turns = new SemaphoreSlim(limits.AtOnceMax);
        SqlConnection.LimitHeap(limits.HeapBytesMax);
        return [ApiMethod.Source(
            "sql.query", Scope.Read, SqlView.ViewName, Summary, call => Run(call, limits, turns, call.Cancelled))];
    }

    private static async IAsyncEnumerable<JsValue> Run(
        ApiCall call, SqlLimits limits, SemaphoreSlim turns, [EnumeratorCancellation] CancellationToken cancel)
    {
        foreach (JsValue row in await AnswerAsync(call, limits, turns, cancel).ConfigureAwait(false)) yield return row;
    }

    /// <summary>
    /// The whole answer, which is bounded: a caller that reads slowly keeps neither a turn nor a snapshot.
    /// </summary>
    private static async ValueTask<List<JsValue>> AnswerAsync(
        ApiCall call, SqlLimits limits, SemaphoreSlim turns, CancellationToken cancel)
    {
        SqlRequest request = Request(call.Arg(0));
        using ViewRead read = await call.ReadAsync(SqlView.ViewName).ConfigureAwait(false);
        if (read.Rows is not SqlReader reader)
            throw new ApiException(
                "SqlBusyError", "The SQL view is being built for the first time. Ask again when its state is live.");
        if (!await turns.WaitAsync(limits.WaitMax, cancel).ConfigureAwait(false))
            throw ToCallers(new SqlQueryException(
                SqlRefusal.Busy, $"{limits.AtOnceMax} statements run already and none ended within "
                + $"{limits.WaitMax.TotalSeconds:F0} s (flume.sql.at-once-max). Ask again later."));
        try
        {
            return await Translate(call, () => Rows(reader, request, limits, cancel)).ConfigureAwait(false);
        }
        finally
        {
            turns.Release();
        }
    }

    private static List<JsValue> Rows(SqlReader reader, SqlRequest request, SqlLimits limits, CancellationToken cancel)
    {
        List<JsValue> rows = [];
        using SqlQuery query = reader.Query(request, limits, cancel);
        while (query.Step()) rows.Add(query.Row());
        if (query.Truncated is { } why) rows.Add(Marker(why));
        return rows;
    }

    private static JsValue Marker(string why) =>
        JsValue.From(new JsObject().Set("$truncated", JsValue.From(why)));

    private static SqlRequest Request(JsValue given)
    {
        if (given.IsString) return new SqlRequest(given.AsString);
        if (!given.IsObject || !given["sql"].IsString)
            throw ApiException.Parameter(
                "sql.query takes {\"sql\": \"SELECT …\", \"params\": [], \"limit\": 1000}; \"sql\" is missing.");
        JsValue limit = given["limit"];
        if (!limit.IsUndefined
            && !(limit.IsNumber && double.IsInteger(limit.AsNumber) && Math.Abs(limit.AsNumber) <= int.MaxValue))
            throw ApiException.Parameter($"\"limit\" is {limit.ToJson()}; expected a whole number of rows.");
        return new SqlRequest(given["sql"].AsString, given["params"], limit.IsUndefined ? null : (int)limit.AsNumber);
    }

    /// <summary>Damage that a reader meets has the view rebuilt; everything else is the caller's.</summary>
    private static async ValueTask<T> Translate<T>(ApiCall call, Func<T> work)
    {
        StoreDamagedException damage;
        try
        {
            return work();
        }
        catch (SqlQueryException refused)
        {
            throw ToCallers(refused);
        }
        catch (StoreDamagedException found)
        {
            damage = found;
        }

        await call.Identity.RebuildAsync(
            ViewSelection.One(SqlView.ViewName), cancel: CancellationToken.None).ConfigureAwait(false);
        throw new ApiException(
            "SqlDamagedError",
            $"The file of the SQL view is damaged and is rebuilt now. Ask again when it is live. {damage.Message}",
            damage);
    }

    private static ApiException ToCallers(SqlQueryException refused) => new(refused.Name, refused.Message, refused);
}
