using Flume.Log;
using Flume.Ssb.Api;
using Flume.Views.Registered;
using Flume.Views.Store;

namespace Flume.Actors.Protocol;

/// <summary>What is said about views that are registered while the service runs.</summary>
internal static class RegisteredProtocol
{
    /// <summary>What became of a definition.</summary>
    public interface IDefinitionAnswer;

    /// <summary>What became of a commit.</summary>
    public interface ICommitAnswer;

    /// <summary>
    /// Keep a view of this definition; answered by <see cref="Defined"/> or <see cref="DefinitionRefused"/>.
    /// </summary>
    public sealed record Define(ViewDefinition Definition) : ViewProtocol.IForView
    {
        /// <inheritdoc/>
        public string View => Definition.Name;
    }

    /// <summary>The definition is durable and its view was started; false when all was so already.</summary>
    public sealed record Defined(ViewDefinition Definition, bool IsNew) : IDefinitionAnswer;

    /// <summary>
    /// Forget a view and its rows; answered by <see cref="Undefined"/> or <see cref="DefinitionRefused"/>.
    /// </summary>
    public sealed record Undefine(string View) : ViewProtocol.IForView;

    /// <summary>The view is gone.</summary>
    public sealed record Undefined(string View) : IDefinitionAnswer;

    /// <summary>Nothing changed, and why.</summary>
    public sealed record DefinitionRefused(string Text) : IDefinitionAnswer;

    /// <summary>Answered by <see cref="Definitions"/>, once the journal is read.</summary>
    public sealed record GetDefinitions;

    /// <summary>Every definition in force.</summary>
    public sealed record Definitions(IReadOnlyCollection<ViewDefinition> All)
    {
        /// <summary>The journal did not say.</summary>
        public static readonly Definitions Unknown = new([]);
    }

    /// <summary>
    /// Make a definition durable, or its end; answered by <see cref="Stored"/> or <see cref="StoreFailed"/>.
    /// </summary>
    /// <param name="View">The view's name.</param>
    /// <param name="Definition">Null to forget it.</param>
    public sealed record StoreDefinition(string View, ViewDefinition? Definition);

    /// <summary>It is durable.</summary>
    public sealed record Stored(string View, ViewDefinition? Definition);

    /// <summary>It is not durable, and why.</summary>
    public sealed record StoreFailed(string View, string Text);

    /// <summary>Rows that a client made; answered by <see cref="Committed"/> or <see cref="CommitRefused"/>.</summary>
    public sealed record ClientCommit(string View, ClientStep Step, ViewBatch Rows) : ViewProtocol.IForView;

    /// <summary>The rows are stored.</summary>
    public sealed record Committed(Offset Since) : ICommitAnswer;

    /// <summary>Nothing was stored, and why.</summary>
    public sealed record CommitRefused(string Text) : ICommitAnswer;
}
