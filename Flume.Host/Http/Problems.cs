using System.Buffers;
using System.Text.Json;
using Flume.Log;
using Flume.Query.MapFilterReduce;
using Flume.Sql.Asking;
using Flume.Ssb.Api;
using Flume.Views;
using Flume.Views.Store;

namespace Flume.Host.Http;

/// <summary>Converts exceptions to problem documents (RFC 9457).</summary>
internal static class Problems
{
    /// <summary>The media type of every error answer.</summary>
    public const string MediaType = "application/problem+json";

    /// <summary>Maps an exception to a problem.</summary>
    public static ProblemException From(Exception error) => error switch
    {
        ProblemException problem => problem,
        ApiException { InnerException: QueryLimitException limit } => FromLimit(limit),
        ApiException { InnerException: SqlQueryException sql } api => FromSql(api, sql.Refusal),
        ApiException api => FromApi(api),
        AppendRejectedException append => FromAppend(append),
        ReadRejectedException read => FromRead(read),
        AppendFailedException => new(ProblemTypes.AppendUnknown, error.Message, error),
        IdentityRejectedException => new(ProblemTypes.IdentityRefused, error.Message, error),
        UnknownViewException => new(ProblemTypes.NoSuchView, error.Message, error),
        QueryLimitException limit => FromLimit(limit),
        QueryException => new(ProblemTypes.BadQuery, error.Message, error) { ErrorName = "Error" },
        LogOffsetException =>
            new(ProblemTypes.BadParameter, error.Message, error) { Expected = "an offset that the log returned" },
        LogDeletedException => new(ProblemTypes.NotFound, error.Message, error),
        LogDamagedException or StoreDamagedException => new(ProblemTypes.Damaged, error.Message, error),
        _ => new(ProblemTypes.Unexpected, $"{error.GetType().Name}: {error.Message}", error),
    };

    private static ProblemException FromLimit(QueryLimitException error) =>
        new(ProblemTypes.QueryTooLarge, error.Message, error)
        {
            ErrorName = "Error",
            More = error.Key is null ? null : json =>
            {
                json.WriteString("key", error.Key);
                json.WriteNumber("limit", error.Limit);
            },
        };

    /// <summary>Answers with a problem document; the response must not have started.</summary>
    public static async Task WriteAsync(HttpContext context, ProblemException problem)
    {
        HttpResponse response = context.Response;
        response.Clear();
        response.StatusCode = problem.Type.Status;
        response.ContentType = MediaType;
        response.Headers.CacheControl = "no-store";
        if (problem.RetryAfterSeconds is int seconds) response.Headers.RetryAfter = Text.Of(seconds);
        using (Utf8JsonWriter json = new(response.BodyWriter, JsonText.Plain)) WriteDocument(json, problem);
        response.BodyWriter.Write("\n"u8);
        await response.BodyWriter.FlushAsync(CancellationToken.None).ConfigureAwait(false);
    }

    /// <summary>Writes the document as one JSON object.</summary>
    public static void WriteDocument(Utf8JsonWriter json, ProblemException problem)
    {
        json.WriteStartObject();
        json.WriteString("type", problem.Type.Address);
        json.WriteString("title", problem.Type.Title);
        json.WriteNumber("status", problem.Type.Status);
        json.WriteString("detail", problem.Message);
        if (problem.ErrorName is not null) json.WriteString("name", problem.ErrorName);
        if (problem.Expected is not null) json.WriteString("expected", problem.Expected);
        json.WriteString("remedy", problem.Type.Remedy);
        problem.More?.Invoke(json);
        json.WriteEndObject();
    }

    private static ProblemException FromSql(ApiException api, SqlRefusal refusal) => new(refusal switch
    {
        SqlRefusal.Forbidden => ProblemTypes.QueryForbidden,
        SqlRefusal.Time => ProblemTypes.QueryTime,
        SqlRefusal.Memory => ProblemTypes.QueryTooLarge,
        SqlRefusal.Busy => ProblemTypes.TooManyReads,
        SqlRefusal.Parameter => ProblemTypes.BadParameter,
        _ => ProblemTypes.BadQuery,
    }, api.Message, api)
    {
        ErrorName = api.ErrorName, RetryAfterSeconds = refusal == SqlRefusal.Busy ? 1 : null,
    };

    private static ProblemException FromApi(ApiException api) => new(api.ErrorName switch
    {
        "NotFoundError" => ProblemTypes.NotFound,
        "ViewRefusedError" => ProblemTypes.ViewRefused,
        "TypeError" or "UsageError" => ProblemTypes.BadParameter,
        _ => ProblemTypes.CallFailed,
    }, api.Message, api)
    { ErrorName = api.ErrorName };

    private static ProblemException FromAppend(AppendRejectedException append) => append.Rejection switch
    {
        AppendRejection.HeadMoved => new(ProblemTypes.HeadMoved, append.Message, append)
        {
            More = append.Head is not { } head ? null : json => json.WriteNumber("head", head.Value),
        },
        AppendRejection.Busy => new(ProblemTypes.AppendBusy, append.Message, append) { RetryAfterSeconds = 1 },
        AppendRejection.TooLarge => new(ProblemTypes.AppendTooLarge, append.Message, append),
        AppendRejection.Stopping => new(ProblemTypes.Stopping, append.Message, append),
        AppendRejection.NoSuchRecord => new(ProblemTypes.NotFound, append.Message, append),
        _ => new(ProblemTypes.LogReadOnly, append.Message, append),
    };

    private static ProblemException FromRead(ReadRejectedException read) => read.Rejection switch
    {
        ReadRejection.NoSuchView => new(ProblemTypes.NoSuchView, read.Message, read),
        ReadRejection.Busy => new(ProblemTypes.TooManyReads, read.Message, read) { RetryAfterSeconds = 1 },
        ReadRejection.DeadlinePassed => new(ProblemTypes.ReadDeadline, read.Message, read),
        ReadRejection.Standing => new(ProblemTypes.ViewStanding, read.Message, read),
        ReadRejection.BeyondHead => new(ProblemTypes.BeyondHead, read.Message, read),
        _ => new(ProblemTypes.Stopping, read.Message, read),
    };
}
