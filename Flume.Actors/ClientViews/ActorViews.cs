using System.Runtime.CompilerServices;
using Flume.Query.Json;
using Flume.Ssb.Api;
using Flume.Views;
using Flume.Views.Registered;
using Flume.Views.Store;
using static Flume.Actors.Protocol.RegisteredProtocol;

namespace Flume.Actors;

/// <summary>
/// The registered views of an identity for its callers: turns calls into messages, and refusals into errors.
/// </summary>
internal sealed class ActorViews(IdentityContext context, IdentityCalls calls, IIdentity identity) : IRegisteredViews
{
    /// <inheritdoc/>
    public RegisteredLimits Limits => context.Settings.Views.Registered;

    /// <inheritdoc/>
    public IReadOnlyList<ViewDefinition> All =>
        [.. context.Catalog.Views.OfType<IRegisteredView>().Select(view => view.Definition)];

    /// <inheritdoc/>
    public async ValueTask<bool> RegisterAsync(ViewDefinition definition, CancellationToken cancel = default)
    {
        IDefinitionAnswer answer = await calls.AskAsync<IDefinitionAnswer>(
            new Define(definition), cancel).ConfigureAwait(false);
        return answer is Defined defined ? defined.IsNew : throw Refused(answer);
    }

    /// <inheritdoc/>
    public async ValueTask RemoveAsync(string view, CancellationToken cancel = default)
    {
        if (!context.Catalog.Contains(view)) throw new UnknownViewException(view, context.Catalog.Views);
        IDefinitionAnswer answer = await calls.AskAsync<IDefinitionAnswer>(
            new Undefine(view), cancel).ConfigureAwait(false);
        if (answer is not Undefined) throw Refused(answer);
    }

    /// <inheritdoc/>
    public Task NextMoveAsync(string view) => Serving(view).Changed.Next;

    /// <inheritdoc/>
    public async IAsyncEnumerable<JsValue> FeedAsync(
        string view, int version, [EnumeratorCancellation] CancellationToken cancel = default)
    {
        ServingView serving = Serving(view);
        if (serving.ClientSession is null) throw Refused($"View '{view}' has no feed: no client runs its code.");
        if (serving.View.Version != version)
            throw Refused(
                $"View '{view}' has version {serving.View.Version}, not {version}. Register the version that you run.");
        context.Session.Enter();
        try
        {
            using var feed = new ClientViewSource(serving, identity, Limits);
            await foreach (JsValue item in feed.RunAsync(cancel).ConfigureAwait(false)) yield return item;
        }
        finally
        {
            context.Session.Leave();
        }
    }

    /// <inheritdoc/>
    public async ValueTask CommitAsync(string view, ClientStep step, ViewBatch rows, CancellationToken cancel = default)
    {
        Serving(view);
        ICommitAnswer answer = await calls.AskAsync<ICommitAnswer>(
            new ClientCommit(view, step, rows), cancel).ConfigureAwait(false);
        if (answer is CommitRefused refused) throw Refused(refused.Text);
    }

    /// <summary>An error that says why nothing changed.</summary>
    internal static ApiException Refused(string text) => new("ViewRefusedError", text);

    private static ApiException Refused(IDefinitionAnswer answer) => Refused(((DefinitionRefused)answer).Text);

    private ServingView Serving(string view) =>
        context.Session.Serving(view) ?? throw new UnknownViewException(view, context.Catalog.Views);
}
