using Flume.Views.Store;

namespace Flume.Views.Tests.Store;

/// <summary>The store contract for stores in memory.</summary>
public sealed class MemoryViewStoreTests : ViewStoreContract
{
    protected override IViewStore NewStore() => new MemoryViewStore();
}
