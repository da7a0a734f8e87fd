using Flume.Log;
using Flume.Query.Json;
using Flume.Views.Registered;
using Flume.Views.Store;

namespace Flume.Ssb.Api;

/// <summary>Views that are added and removed at run time: declared by a query, or computed by a client.</summary>
/// <remarks>A rejection is an <see cref="ApiException"/> named <c>ViewRefusedError</c> with the reason.</remarks>
public interface IRegisteredViews
{
    /// <summary>The limits of registered views.</summary>
    RegisteredLimits Limits { get; }

    /// <summary>The current definitions, ordered by name.</summary>
    IReadOnlyList<ViewDefinition> All { get; }

    /// <summary>
    /// Adds or replaces a registered view durably. A replaced view is rebuilt. Returns false if the definition is
    /// unchanged.
    /// </summary>
    ValueTask<bool> RegisterAsync(ViewDefinition definition, CancellationToken cancel = default);

    /// <summary>Removes a registered view and its rows. Returns when the removal is durable.</summary>
    ValueTask RemoveAsync(string view, CancellationToken cancel = default);

    /// <summary>
    /// Completes when a view's since, rows or state may have changed. Read this task before the state, so that no
    /// change is missed.
    /// </summary>
    Task NextMoveAsync(string view);

    /// <summary>
    /// Streams batches of the records that a client view has not applied, without end. A feed of another client ends
    /// this one with a <c>ViewRefusedError</c>.
    /// </summary>
    /// <param name="view">A client view.</param>
    /// <param name="version">The version that the client runs. It must equal the registered version.</param>
    /// <param name="cancel">Ends the feed.</param>
    IAsyncEnumerable<JsValue> FeedAsync(string view, int version, CancellationToken cancel = default);

    /// <summary>Commits the rows of a client view and their since in one batch.</summary>
    /// <param name="view">A client view.</param>
    /// <param name="step">The epoch of the feed and the range of the step.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="cancel">Stops the waiting. The commit may still be stored.</param>
    ValueTask CommitAsync(string view, ClientStep step, ViewBatch rows, CancellationToken cancel = default);
}

/// <summary>One step of a client view.</summary>
/// <param name="Epoch">The epoch of the feed that sent the records.</param>
/// <param name="After">The client's since before the step.</param>
/// <param name="Since">The last record that the rows reflect, inclusive.</param>
public readonly record struct ClientStep(long Epoch, Offset After, Offset Since);
