using Flume.Sql.Api;
using Flume.Sql.Asking;
using Flume.Sql.Build;
using Flume.Sql.Schema;
using Flume.Sql.Store;
using Flume.Ssb.Api;
using Flume.Ssb.Messages;
using Flume.Views;
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
    /// <remarks>Ids are random, so each commit writes a page for nearly every message of it, unless it has many.</remarks>
    public CatchUpStep? CatchUp { get; } = new(16_384, 32 << 20, TimeSpan.FromSeconds(1));

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
                OwnFeed = store.Place.Feed ?? "", Format = build.Format, Rest = build.Rests(), IsQuiet = build.IsQuiet,
                Progress = gauge.Applied, Sealing = gauge.Sealing,
            },
            cancel).ToEngine();
    }
}
