using Flume.Log;
using Flume.Sql.Api;
using Flume.Sql.Asking;
using Flume.Sql.Build;
using Flume.Sql.Checking;
using Flume.Sql.Native;
using Flume.Sql.Schema;
using Flume.Sql.Store;
using Flume.Ssb.Api;
using Flume.Ssb.Messages;
using Flume.Views;
using Flume.Views.Checking;
using Flume.Views.Records;
using Flume.Views.Registered;
using Flume.Views.Store;

[assembly: BuiltInViews]

namespace Flume.Sql;

/// <summary>The log as SQL tables: a view like any other, kept in one SQLite file.</summary>
/// <param name="options">Layout and full text.</param>
/// <param name="limits">What a caller's statement may take.</param>
/// <param name="identities">The identities that keep it; empty for all.</param>
public sealed class SqlView(SqlOptions options, SqlLimits limits, IReadOnlyCollection<string> identities)
    : IOwnStoreView, IViewMethods
{
    /// <summary>The view's name.</summary>
    public const string ViewName = "sql";

    /// <inheritdoc/>
    public string Name => ViewName;

    /// <inheritdoc/>
    public int Version => SqlSchema.Version;

    /// <inheritdoc/>
    /// <remarks>
    /// Ids are random, so each commit writes a page for nearly every message of it, unless it has many.
    /// </remarks>
    public CatchUpStep? CatchUp { get; } = new(32_768, 64 << 20, TimeSpan.FromSeconds(2));

    /// <inheritdoc/>
    public IEnumerable<ApiMethod> Methods => SqlMethods.Of(limits);

    /// <inheritdoc/>
    public bool IsKeptFor(string identity) => identities.Count == 0 || identities.Contains(identity);

    /// <inheritdoc/>
    public IViewStoreFactory StoresIn(ViewStorePlace place) => new SqlStores(options, place);

    /// <inheritdoc/>
    public RowFold Over(IViewStore store) => new SqlFold((SqlViewStore)store);

    /// <inheritdoc/>
    /// <remarks>Rows of the SQL view come in log order, through <see cref="Over"/>.</remarks>
    public void Apply(DecodedRecord message, RowSink rows) =>
        throw new NotSupportedException("The SQL view takes messages in log order, through its fold.");

    /// <inheritdoc/>
    public Checkpoint Build(IViewStore next, ViewBuild build, CancellationToken cancel)
    {
        var store = (SqlViewStore)next;
        var gauge = new BuildGauge(build);
        return FileBuild.Run(
            new FileBuildRequest(store.Path, build.Log, store.Options)
            {
                OwnFeed = store.Place.Feed ?? "",
                Format = build.Format,
                Rest = build.Rests(),
                IsQuiet = build.IsQuiet,
                Progress = gauge.Applied,
                Sealing = gauge.Sealing,
            },
            cancel).ToEngine();
    }

    /// <inheritdoc/>
    public ViewCheckReport Check(OwnStoreCheck check, CancellationToken cancel)
    {
        string? path = check.Rows is SqlReader open ? open.StorePath : SqlStores.FileIn(check.Folder);
        return path is not null ? new SqlCheck(check, path).Run(cancel) : new ViewCheckReport
        {
            View = Name,
            Since = Offset.None,
            IsFull = true,
            Faults = ["The view has no rows yet; a start with flume.sql.enabled = on or a rebuild derives them."],
        };
    }

    /// <summary>
    /// The view with the layout of the file in a folder; with the default layout when none can be read.
    /// </summary>
    /// <param name="folder">The folder of the view's stores; no process writes them.</param>
    public static SqlView KeptIn(string folder)
    {
        SqlOptions? options = null;
        try
        {
            if (SqlStores.FileIn(folder) is { } path)
            {
                using SqlConnection file = SqlConnection.OpenToRead(path);
                options = SqlOptions.Parse(SqlCheckpoint.Read(file).Options);
            }
        }
        catch (Exception unreadable) when (unreadable is StoreDamagedException or IOException)
        {
            // A rebuild needs no old file.
        }

        return new SqlView(options ?? new SqlOptions(), new SqlLimits(), []);
    }

    /// <summary>True when a folder of stores has a file that serves.</summary>
    public static bool IsKeptIn(string folder) =>
        new FileInfo(Path.Combine(folder, SqlStores.LinkName)).LinkTarget is not null;
}
