using Flume.Log;
using Flume.Query.MapFilterReduce;
using Flume.Ssb.Messages;
using Flume.Ssb.Publishing;
using Flume.Views;
using Flume.Views.Records;

namespace Flume.Ssb.Api;

/// <summary>The interface of one hosted identity: a log for appends and views for reads.</summary>
/// <remarks>
/// Thread-safe. Asynchronous members observe their token. Cancellation stops the waiting but not a write, so a
/// cancelled append may be in the log.
/// </remarks>
public interface IIdentity
{
    /// <summary>The identity's name: the name of its directory, unique in the process.</summary>
    string Name { get; }

    /// <summary>What its records are.</summary>
    IdentityKind Kind => IdentityKind.Ssb;

    /// <summary>How its records are decoded for views.</summary>
    RecordFormat Format => Kind == IdentityKind.Events ? RecordFormat.Json : new SsbFormat(Boxes);

    /// <summary>The folder of the identity's secret, absolute: where its blobs lie, and its socket.</summary>
    string Directory => Path.GetDirectoryName(Log.Path)!;

    /// <summary>False while the files of an unused identity are closed. The next use opens them.</summary>
    bool IsOpen => true;

    /// <summary>The identity's key pair. Without keys (null), private messages stay encrypted.</summary>
    FeedKeys? Keys { get; }

    /// <summary>The log, for reads only. <see cref="AppendAsync"/> is the only writer.</summary>
    OffsetLog Log { get; }

    /// <summary>Appends messages of feeds: the identity's own, signed here, and those of others.</summary>
    FeedPublisher Publisher { get; }

    /// <summary>The views that this identity keeps.</summary>
    ViewCatalog Views { get; }

    /// <summary>Views that can be added and removed at run time; null if not supported.</summary>
    IRegisteredViews? Registered => null;

    /// <summary>The objects that API methods keep for this identity.</summary>
    IdentityServices Services { get; }

    /// <summary>The memory limits of one query.</summary>
    QueryLimits QueryLimits => QueryLimits.Default;

    /// <summary>Decrypts private messages for this identity and tries each box once; null without keys.</summary>
    Unboxer? Boxes { get; }

    /// <summary>
    /// Leases one snapshot of a view with the required freshness. The caller reads on its own thread and disposes the
    /// lease. A long lease uses disk space but does not block the view.
    /// </summary>
    /// <exception cref="ReadRejectedException">The view does not exist, too many reads wait, the deadline passed, or
    /// the identity stopped.</exception>
    ValueTask<ViewRead> ReadAsync(string view, ReadFreshness freshness, CancellationToken cancel = default);

    /// <summary>
    /// Appends payloads as consecutive records, in order. Returns when they have the requested durability. An empty
    /// list appends nothing and returns the head.
    /// </summary>
    /// <exception cref="AppendRejectedException">The append was rejected before any write.</exception>
    /// <exception cref="AppendFailedException">A write failed. The log may contain some of the payloads.</exception>
    ValueTask<Appended> AppendAsync(
        IReadOnlyList<ReadOnlyMemory<byte>> payloads, AppendTerms terms, CancellationToken cancel = default);

    /// <summary>Appends payloads behind any head.</summary>
    /// <inheritdoc cref="AppendAsync(IReadOnlyList{ReadOnlyMemory{byte}}, AppendTerms, CancellationToken)"/>
    ValueTask<Appended> AppendAsync(
        IReadOnlyList<ReadOnlyMemory<byte>> payloads, Durability durability, CancellationToken cancel = default) =>
        AppendAsync(payloads, new AppendTerms(durability), cancel);

    /// <summary>Waits until the head is above <paramref name="beyond"/> and returns it.</summary>
    /// <exception cref="ReadRejectedException">Too many reads wait, or the identity stopped.</exception>
    ValueTask<Offset> WaitForHeadAsync(Offset beyond, CancellationToken cancel = default);

    /// <summary>Zeroes one record in place and rebuilds the views, so that no row of it stays.</summary>
    /// <remarks>What has begun goes on when the caller leaves, and after a crash.</remarks>
    /// <exception cref="AppendRejectedException">The log is read-only, or no record starts at that offset.</exception>
    /// <exception cref="ApiException">The record is the newest message of the identity's own feed.</exception>
    /// <exception cref="AppendFailedException">Writing failed: the record may be zeroed in part.</exception>
    ValueTask DeleteAsync(Offset offset, CancellationToken cancel = default);

    /// <summary>Reopens the log's writer after a failed append, for example after a full disk.</summary>
    /// <exception cref="AppendRejectedException">The log is still not writable. The message gives the
    /// cause.</exception>
    ValueTask ReopenLogAsync(CancellationToken cancel = default);

    /// <summary>The state of the log.</summary>
    ValueTask<LogStatus> LogStatusAsync(CancellationToken cancel = default);

    /// <summary>The state of every view, ordered by name.</summary>
    ValueTask<IReadOnlyList<ViewStatus>> StatusAsync(CancellationToken cancel = default);

    /// <summary>
    /// Builds fresh rows beside the serving ones and promotes them. Returns when the rebuild is accepted, before it
    /// ends.
    /// </summary>
    /// <param name="views">The views to rebuild.</param>
    /// <param name="from">The offset of the first record to apply again. Earlier rows are retained. A view that cannot
    /// separate them rejects the command. Null rebuilds all rows.</param>
    /// <param name="cancel">Stops the waiting for the outcome.</param>
    ValueTask<CommandOutcome> RebuildAsync(
        ViewSelection views, Offset? from = null, CancellationToken cancel = default);

    /// <summary>Cancels a rebuild. The view continues from its old rows.</summary>
    ValueTask<CommandOutcome> CancelAsync(ViewSelection views, CancellationToken cancel = default);

    /// <summary>Pauses views until a resume or until a time. The pause survives a restart.</summary>
    /// <param name="views">The views to pause.</param>
    /// <param name="reason">The operator's reason, which the status shows.</param>
    /// <param name="until">The time of an automatic resume; null for none.</param>
    /// <param name="cancel">Stops the waiting for the outcome.</param>
    ValueTask<CommandOutcome> PauseAsync(
        ViewSelection views, string reason, DateTimeOffset? until = null, CancellationToken cancel = default);

    /// <summary>Ends a pause, or lets a faulted view retry.</summary>
    ValueTask<CommandOutcome> ResumeAsync(ViewSelection views, CancellationToken cancel = default);

    /// <summary>Limits the resources for indexing. The limit survives a restart.</summary>
    ValueTask<CommandOutcome> BudgetAsync(
        ViewSelection views, IndexBudget budget, CancellationToken cancel = default);
}
