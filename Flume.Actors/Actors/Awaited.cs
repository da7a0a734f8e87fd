// Shapes of the layers that other branches write. Delete each when its branch is merged.
namespace Flume.Views { public sealed class ViewCatalog { } }
