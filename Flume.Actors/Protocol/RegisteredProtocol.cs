using Flume.Log;
using Flume.Ssb.Api;
using Flume.Views.Registered;
using Flume.Views.Store;

namespace Flume.Actors.Protocol;

/// <summary>Messages about views that are registered while the service runs.</summary>
internal static class RegisteredProtocol
{
    /// <summary>The outcome of <see cref="Define"/> or <see cref="Undefine"/>.</summary>
    public interface IDefinitionAnswer;

    /// <summary>The outcome of <see cref="ClientCommit"/>.</summary>
    public interface ICommitAnswer;

    /// <summary>
    /// Register a view with this definition; answered by <see cref="Defined"/> or <see cref="DefinitionRefused"/>.
    /// </summary>
    public sealed record Define(ViewDefinition Definition) : ViewProtocol.IForView
    {
        /// <inheritdoc/>
        public string View => Definition.Name;
    }

    /// <summary>
    /// The definition is durable and its view is started. IsNew is false when the view existed already.
    /// </summary>
    public sealed record Defined(ViewDefinition Definition, bool IsNew) : IDefinitionAnswer;

    /// <summary>
    /// Remove a view and its rows; answered by <see cref="Undefined"/> or <see cref="DefinitionRefused"/>.
    /// </summary>
    public sealed record Undefine(string View) : ViewProtocol.IForView;

    /// <summary>The view is removed.</summary>
    public sealed record Undefined(string View) : IDefinitionAnswer;

    /// <summary>The definition is refused and nothing changed. The text gives the reason.</summary>
    public sealed record DefinitionRefused(string Text) : IDefinitionAnswer;

    /// <summary>Answered by <see cref="Definitions"/> after the journal is recovered.</summary>
    public sealed record GetDefinitions;

    /// <summary>Every registered definition.</summary>
    public sealed record Definitions(IReadOnlyCollection<ViewDefinition> All)
    {
        /// <summary>The journal did not answer.</summary>
        public static readonly Definitions Unknown = new([]);
    }

    /// <summary>
    /// Store a definition, or its removal, durably; answered by <see cref="Stored"/> or <see cref="StoreFailed"/>.
    /// </summary>
    /// <param name="View">The view's name.</param>
    /// <param name="Definition">The definition; null to remove it.</param>
    public sealed record StoreDefinition(string View, ViewDefinition? Definition);

    /// <summary>The definition, or its removal, is durable.</summary>
    public sealed record Stored(string View, ViewDefinition? Definition);

    /// <summary>The definition, or its removal, is not durable. The text gives the reason.</summary>
    public sealed record StoreFailed(string View, string Text);

    /// <summary>
    /// Store the rows of a client; answered by <see cref="Committed"/> or <see cref="CommitRefused"/>.
    /// </summary>
    public sealed record ClientCommit(string View, ClientStep Step, ViewBatch Rows) : ViewProtocol.IForView;

    /// <summary>The rows are stored.</summary>
    public sealed record Committed(Offset Since) : ICommitAnswer;

    /// <summary>The commit is refused and nothing is stored. The text gives the reason.</summary>
    public sealed record CommitRefused(string Text) : ICommitAnswer;
}
