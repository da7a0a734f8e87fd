using Flume.Log;
using Flume.Sql.Build;
using Flume.Sql.Native;
using Flume.Sql.Schema;
using Flume.Sql.Store;
using Flume.Views;
using Flume.Views.Checking;

namespace Flume.Sql.Checking;

/// <summary>Checks a file of the SQL view: builds a second one from the log and compares them, row by row.</summary>
/// <remarks>
/// The layout and the own feed are those that the file names. The second file lies beside the first, and is removed at
/// the end. Memory does not grow with the rows.
/// </remarks>
internal sealed class SqlCheck(OwnStoreCheck check, string path)
{
    private readonly List<string> _faults = [];
    private readonly FileDifferences _differences = new(check.Options);

    /// <summary>Runs the check.</summary>
    /// <exception cref="Flume.Views.Store.StoreDamagedException">
    /// The file is no database, or has no checkpoint.
    /// </exception>
    internal ViewCheckReport Run(CancellationToken cancel)
    {
        using SqlConnection stored = SqlConnection.OpenToRead(path);
        stored.Run("PRAGMA cache_size = -16000; BEGIN");
        SqlCheckpoint at = SqlCheckpoint.Read(stored);
        ViewCheckReport report = new() { View = SqlView.ViewName, Since = at.Since, IsFull = true };
        // Another version is no damage: the next start builds the file anew.
        if (Disagreement(at) is { } fault) return report with { Faults = fault.Length > 0 ? [fault] : [] };
        string pragma = check.IsQuick ? "quick_check" : "integrity_check";
        if (stored.Text($"PRAGMA {pragma}(1)") is var said and not "ok") _faults.Add($"{path}: {pragma} says: {said}");
        if (check.IsQuick || !at.Since.IsSome) return report with { Rows = at.Rows, Faults = _faults };
        long records = Compare(stored, at, cancel);
        return report with
        {
            Records = records,
            Rows = _differences.Rows,
            Wrong = _differences.Count,
            Differences = _differences.Listed,
            Faults = _faults,
        };
    }

    private string? Disagreement(SqlCheckpoint at)
    {
        if (at.Version != SqlSchema.Version || SqlOptions.Parse(at.Options) is null)
        {
            return check.IsQuick
                ? ""
                : $"The rows are of version {at.Version}, layout '{at.Options}'; the view is of version "
                    + $"{SqlSchema.Version}. Rebuild it.";
        }


        if (at.Since > check.Log.Head)
            return $"The rows reflect offset {at.Since}, beyond the log's head {check.Log.Head}; rebuild the view.";
        try
        {
            check.Log.Next(at.Since);
            return null;
        }
        catch (LogOffsetException)
        {
            return $"The rows reflect offset {at.Since}, where no record starts: they are another log's; "
                + "rebuild the view.";
        }
    }

    private long Compare(SqlConnection stored, SqlCheckpoint at, CancellationToken cancel)
    {
        string second = Path.Combine(Path.GetDirectoryName(path)!, $"{SqlStores.CheckPrefix}{Guid.NewGuid():N}.sqlite");
        SqlOptions options = SqlOptions.Parse(at.Options)!;
        try
        {
            long records = 0;
            SqlCheckpoint meant = FileBuild.Run(Request(second, at, options, count => records += count), cancel);
            if ((meant.Rows, meant.Repeated) != (at.Rows, at.Repeated))
                _faults.Add(
                    $"flume_checkpoint counts {at.Rows} rows and {at.Repeated} repeated messages; the log has "
                    + $"{meant.Rows} and {meant.Repeated}.");
            using SqlConnection built = SqlConnection.OpenToRead(second);
            _differences.Compare(built, stored, options, cancel);
            return records;
        }
        finally
        {
            SqlViewStore.Delete(second);
        }
    }

    private FileBuildRequest Request(string second, SqlCheckpoint at, SqlOptions options, Action<int> count)
    {
        var pace = new ViewBuild(check.Log, check.Format) { Share = () => check.Options.Share };
        long bytes = 0;
        return new FileBuildRequest(second, check.Log, options)
        {
            OwnFeed = at.OwnFeed,
            Format = check.Format,
            Through = at.Since,
            IsQuiet = check.Options.IsGentle,
            Rest = pace.Rests(),
            Progress = (records, more) =>
            {
                count(records);
                bytes += more;
                check.Options.Progress?.Report(new ViewCheckProgress(bytes, Math.Max(bytes, at.Since.Value)));
            },
        };
    }
}
