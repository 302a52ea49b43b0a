using Reflink.Store;

namespace Reflink.Tests.Store;

public sealed class DictionaryPageStoreTests : PageStoreConformance
{
    internal override IPageStore Create() => new DictionaryPageStore();
}
