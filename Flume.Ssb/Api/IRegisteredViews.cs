using Flume.Log;
using Flume.Query.Json;
using Flume.Views.Registered;
using Flume.Views.Store;

namespace Flume.Ssb.Api;

/// <summary>Views of one identity that come and go while it is open: declared by a query, or run by a client.</summary>
/// <remarks>What is refused is an <see cref="ApiException"/> named <c>ViewRefusedError</c> that says why.</remarks>
public interface IRegisteredViews
{
    /// <summary>What registered views may take.</summary>
    RegisteredLimits Limits { get; }

    /// <summary>The definitions in force, ordered by name.</summary>
    IReadOnlyList<ViewDefinition> All { get; }

    /// <summary>
    /// Keeps a view from now on, across restarts; in place of a registered one of its name, whose rows are rebuilt.
    /// Returns when that is durable: false when all was so already.
    /// </summary>
    ValueTask<bool> RegisterAsync(ViewDefinition definition, CancellationToken cancel = default);

    /// <summary>Forgets a registered view and its rows; returns when that is durable.</summary>
    ValueTask RemoveAsync(string view, CancellationToken cancel = default);

    /// <summary>
    /// Completes when readers of a view may see something new: another since, other rows, another state. Take it before
    /// looking.
    /// </summary>
    Task NextMoveAsync(string view);

    /// <summary>
    /// The records that a client view lacks, in batches, for ever: its client's place. Another client's feed ends this
    /// one with a <c>ViewRefusedError</c>.
    /// </summary>
    /// <param name="view">A client view.</param>
    /// <param name="version">The version that the client runs; another one than registered is refused.</param>
    /// <param name="cancel">Ends the feed.</param>
    IAsyncEnumerable<JsValue> FeedAsync(string view, int version, CancellationToken cancel = default);

    /// <summary>Stores what a client made of records that its feed sent, in one batch with their since.</summary>
    /// <param name="view">A client view.</param>
    /// <param name="step">From where to where, in which turn of the feed.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="cancel">Stops the waiting: the commit may still be stored.</param>
    ValueTask CommitAsync(string view, ClientStep step, ViewBatch rows, CancellationToken cancel = default);
}

/// <summary>One step of a client view.</summary>
/// <param name="Turn">The turn of the feed that sent the records.</param>
/// <param name="After">The since that the client went on from.</param>
/// <param name="Since">The last record that the rows reflect, inclusive.</param>
public readonly record struct ClientStep(long Turn, Offset After, Offset Since);
