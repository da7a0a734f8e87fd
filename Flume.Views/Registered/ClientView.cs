using Flume.Views.Records;
using Flume.Views.Store;

namespace Flume.Views.Registered;

/// <summary>A view whose code runs in a client. The service stores its rows, its since and its version.</summary>
internal sealed class ClientView(ViewDefinition definition) : IRegisteredView, ISequentialView
{
    /// <inheritdoc/>
    public string Name => definition.Name;

    /// <inheritdoc/>
    public int Version => definition.Version;

    /// <inheritdoc/>
    public ViewDefinition Definition => definition;

    /// <summary>Not supported: the client applies records.</summary>
    public void Apply(DecodedRecord message, RowSink rows) =>
        throw new InvalidOperationException($"View '{Name}' is applied by its client.");
}
