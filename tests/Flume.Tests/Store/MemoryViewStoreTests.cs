using Flume.Store;

namespace Flume.Tests.Store;

public sealed class MemoryViewStoreTests : ViewStoreContract
{
    protected override IViewStore NewStore() => new MemoryViewStore();
}
