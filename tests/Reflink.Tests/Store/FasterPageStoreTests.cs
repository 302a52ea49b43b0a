using Reflink.Store;

namespace Reflink.Tests.Store;

public sealed class FasterPageStoreTests : PageStoreConformance
{
    internal override IPageStore Create() => new FasterPageStore();
}
