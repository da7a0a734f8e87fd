using Flume.Log;
using Flume.Query.MapFilterReduce;
using Flume.Ssb.Messages;
using Flume.Ssb.Publishing;
using Flume.Views;
using Flume.Views.Records;

namespace Flume.Ssb.Api;

/// <summary>One hosted identity as its callers see it: a log to append to and views to read.</summary>
/// <remarks>
/// Every member may be called from any thread. Waiting members observe their token, and a cancelled append may still
/// have been written: cancelling stops the waiting, not the write.
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

    /// <summary>False while its files are closed because nobody used it; the next use opens them.</summary>
    bool IsOpen => true;

    /// <summary>The identity's key pair, or null when it has none: then private messages stay closed.</summary>
    FeedKeys? Keys { get; }

    /// <summary>The log, for reading. Appending goes through <see cref="AppendAsync"/>, the only writer.</summary>
    OffsetLog Log { get; }

    /// <summary>Appends messages of feeds: the identity's own, signed here, and those of others.</summary>
    FeedPublisher Publisher { get; }

    /// <summary>The views that this identity keeps.</summary>
    ViewCatalog Views { get; }

    /// <summary>Views that come and go while the identity is open; null where there can be none.</summary>
    IRegisteredViews? Registered => null;

    /// <summary>What one query may hold in memory while it runs.</summary>
    QueryLimits QueryLimits => QueryLimits.Default;

    /// <summary>Opens private boxes for this identity, trying each box once; null without keys.</summary>
    Unboxer? Boxes { get; }

    /// <summary>
    /// Leases one snapshot of a view once it is as fresh as asked. The caller reads on its own thread and disposes
    /// the lease; a lease held for long costs disk space, never progress.
    /// </summary>
    /// <exception cref="ReadRejectedException">
    /// No such view, too many readers wait, the deadline passed, or the identity stopped.
    /// </exception>
    ValueTask<ViewRead> ReadAsync(string view, ReadFreshness freshness, CancellationToken cancel = default);

    /// <summary>
    /// Appends payloads, each one record, in order and next to each other; returns when they are as durable as asked.
    /// An empty list appends nothing and returns the head.
    /// </summary>
    /// <exception cref="AppendRejectedException">Surely nothing was written.</exception>
    /// <exception cref="AppendFailedException">Writing failed: some of the payloads may be in the log.</exception>
    ValueTask<Appended> AppendAsync(
        IReadOnlyList<ReadOnlyMemory<byte>> payloads, AppendTerms terms, CancellationToken cancel = default);

    /// <summary>Appends payloads behind any head.</summary>
    /// <inheritdoc cref="AppendAsync(IReadOnlyList{ReadOnlyMemory{byte}}, AppendTerms, CancellationToken)"/>
    ValueTask<Appended> AppendAsync(
        IReadOnlyList<ReadOnlyMemory<byte>> payloads, Durability durability, CancellationToken cancel = default) =>
        AppendAsync(payloads, new AppendTerms(durability), cancel);

    /// <summary>The head, once it lies beyond <paramref name="beyond"/> (exclusive).</summary>
    /// <exception cref="ReadRejectedException">Too many readers wait, or the identity stopped.</exception>
    ValueTask<Offset> WaitForHeadAsync(Offset beyond, CancellationToken cancel = default);

    /// <summary>Zeroes one record in place and rebuilds the views, so that no row of it stays.</summary>
    /// <remarks>What has begun goes on when the caller leaves, and after a crash.</remarks>
    /// <exception cref="AppendRejectedException">The log is read-only, or no record starts at that offset.</exception>
    /// <exception cref="ApiException">The record is the newest message of the identity's own feed.</exception>
    /// <exception cref="AppendFailedException">Writing failed: the record may be zeroed in part.</exception>
    ValueTask DeleteAsync(Offset offset, CancellationToken cancel = default);

    /// <summary>Opens the log's writer again after an append failed: the way back from a full disk.</summary>
    /// <exception cref="AppendRejectedException">The log still can't be written, and why.</exception>
    ValueTask ReopenLogAsync(CancellationToken cancel = default);

    /// <summary>The state of the log.</summary>
    ValueTask<LogStatus> LogStatusAsync(CancellationToken cancel = default);

    /// <summary>The state of every view, ordered by name.</summary>
    ValueTask<IReadOnlyList<ViewStatus>> StatusAsync(CancellationToken cancel = default);

    /// <summary>
    /// Derives fresh rows beside the serving ones, then swaps. Returns when the rebuild is accepted, not when done.
    /// </summary>
    /// <param name="views">Which views.</param>
    /// <param name="from">
    /// The first offset that is derived anew, the start of a record: the rows of records before it are kept. Refused by a
    /// view that can't tell them. Null for all rows.
    /// </param>
    /// <param name="cancel">Gives up waiting for the answer.</param>
    ValueTask<CommandOutcome> RebuildAsync(ViewSelection views, Offset? from = null, CancellationToken cancel = default);

    /// <summary>Cancels a rebuild: the old rows stay, and the view goes on from them.</summary>
    ValueTask<CommandOutcome> CancelAsync(ViewSelection views, CancellationToken cancel = default);

    /// <summary>Stops following the log until resumed, or until a time; survives a restart.</summary>
    /// <param name="views">Which views.</param>
    /// <param name="reason">Shown in status, in the operator's words.</param>
    /// <param name="until">When the view resumes by itself; null for never.</param>
    /// <param name="cancel">Stops the waiting for the outcome.</param>
    ValueTask<CommandOutcome> PauseAsync(
        ViewSelection views, string reason, DateTimeOffset? until = null, CancellationToken cancel = default);

    /// <summary>Follows the log again: ends a pause, or gives a faulted view another set of tries.</summary>
    ValueTask<CommandOutcome> ResumeAsync(ViewSelection views, CancellationToken cancel = default);

    /// <summary>Sets how much of the machine indexing may use; survives a restart.</summary>
    ValueTask<CommandOutcome> BudgetAsync(
        ViewSelection views, IndexBudget budget, CancellationToken cancel = default);
}
