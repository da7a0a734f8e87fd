// Shapes of the layers that other branches write. Delete each when its branch is merged.
namespace Flume.Codec { public sealed class FeedKeys { } public sealed class BoxOpener { } }
namespace Flume.Views { public sealed class ViewCatalog { } }
namespace Flume.Store
{
    public readonly record struct Checkpoint(int Version, Flume.Primitives.Offset Since);
    public interface IViewReader { Checkpoint Checkpoint { get; } }
}
