using Reflink.Store;

namespace Reflink.Tests.Store;

public sealed class DictionaryPageStoreTests : PageStoreConformance
{
    protected override IPageStore Create() => new DictionaryPageStore();
}
