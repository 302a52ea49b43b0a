using Reflink.Store;

namespace Reflink.Tests.Store;

public sealed class FasterPageStoreTests : PageStoreConformance
{
    protected override IPageStore Create() => new FasterPageStore();
}
