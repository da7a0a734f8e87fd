using System.Text;
using Flume.Log;
using Flume.Query.Tape;
using Flume.Sql.Native;
using Flume.Ssb.Messages;
using Flume.Views;
using Flume.Views.Records;
using SQLitePCL;

namespace Flume.Sql.Asking;

/// <summary>The SQL functions that read contents and records from the log, for files that hold none.</summary>
/// <remarks>
/// NULL for a record that was deleted, an offset where no record starts, and while the log is closed. Private contents
/// are opened here, so no plain text of them is ever in the file. For one thread at a time.
/// </remarks>
internal sealed class LogContents(ViewStorePlace place)
{
    private const int Flags = raw.SQLITE_UTF8 | raw.SQLITE_DETERMINISTIC | Innocuous;
    private const int Innocuous = 0x200000;

    private readonly RecordDecoder _decoder = place.Format().NewDecoder();

    /// <summary>Gives a connection the functions flume_content and flume_record.</summary>
    internal void AddTo(SqlConnection connection)
    {
        connection.Check(raw.sqlite3_create_function(
            connection.Handle, "flume_content", 1, Flags, null,
            (context, _, args) => Answer(context, args[0], Content)), "flume_content");
        connection.Check(raw.sqlite3_create_function(
            connection.Handle, "flume_record", 1, Flags, null,
            (context, _, args) => Answer(context, args[0], Whole)), "flume_record");
    }

    private delegate void Answering(sqlite3_context context, LogRecord record);

    private void Answer(sqlite3_context context, sqlite3_value offset, Answering answer)
    {
        try
        {
            if (raw.sqlite3_value_type(offset) == raw.SQLITE_INTEGER && place.Log() is { } log
                && log.TryRead(new Offset(raw.sqlite3_value_int64(offset)), out LogRecord record) && !record.Deleted)
                answer(context, record);
            else raw.sqlite3_result_null(context);
        }
        catch (Exception cause) when (cause is LogOffsetException or LogDeletedException or ObjectDisposedException)
        {
            raw.sqlite3_result_null(context);
        }
        catch (Exception cause)
        {
            raw.sqlite3_result_error(context, cause.Message);
        }
    }

    private static void Whole(sqlite3_context context, LogRecord record) =>
        raw.sqlite3_result_text(context, Encoding.UTF8.GetString(record.Payload.Span));

    private void Content(sqlite3_context context, LogRecord record)
    {
        var message = _decoder.Decode(record.Offset, record.Payload.Span) as DecodedMessage;
        TapeValue content = message?.Content ?? default;
        if (message is not { IsMessage: true } || content.IsUndefined) raw.sqlite3_result_null(context);
        else if (!content.IsString) raw.sqlite3_result_text(context, Encoding.UTF8.GetString(content.Raw));
        else if (!message.IsPrivate) raw.sqlite3_result_text(context, "null");
        else raw.sqlite3_result_text(context, $"\"{Encoding.UTF8.GetString(content.Raw)}\"");
    }
}
