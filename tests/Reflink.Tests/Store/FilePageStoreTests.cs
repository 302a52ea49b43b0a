using Reflink.Store;

namespace Reflink.Tests.Store;

public sealed class FilePageStoreTests : PageStoreConformance
{
    private ScratchFolder? _folder;

    internal override IPageStore Create() => new FasterPageStore(new StoreOptions { Folder = (_folder = new ScratchFolder()).Path });

    protected override void Cleanup() => _folder?.Dispose();
}
