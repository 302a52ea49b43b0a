using Reflink.Store.Disks;
using static Reflink.Tests.Store.TestPage;

namespace Reflink.Tests.Store;

/// <summary>Those who read a volume while another machine writes to it: they see one sync, the last that had ended when they came.</summary>
public sealed class ReaderTests : IDisposable
{
    private const int Pages = 600;

    private readonly ScratchFolder _scratch = new();
    private readonly byte[] _page = new byte[Page.Size];
    private readonly Machine _writer;

    public ReaderTests()
    {
        _writer = Make(StoreUse.Durable);
        Fill("/f", 1);
        _writer.Volume.Sync();
    }

    private string Folder => _scratch.Of("store");

    public void Dispose()
    {
        _writer.Dispose();
        _scratch.Dispose();
    }

    [Fact]
    public void A_reader_sees_the_last_sync_while_the_writer_works()
    {
        Fill("/f", 2);
        Fill("/g", 3);
        using (var reader = Make(StoreUse.ReadOnly))
        {
            Holds(reader, "/f", 1);
            Assert.Equal(["f"], reader.Volume.List("/").Select(n => n.Name));
            Fsck.Require(reader);
        }

        _writer.Volume.Sync();
        using var next = Make(StoreUse.ReadOnly);
        Holds(next, "/f", 2);
        Holds(next, "/g", 3);
    }

    [Fact]
    public void It_goes_on_seeing_it_however_often_the_writer_syncs_and_clears_up()
    {
        using var reader = Make(StoreUse.ReadOnly);
        for (var round = 2; round < 40; round++)
        {
            Fill("/f", round);
            _writer.Volume.Sync();
            if (round % 13 == 0)
            {
                using var late = Make(StoreUse.ReadOnly);
                Holds(late, "/f", round);
                Assert.Empty(Fsck.Check(late).Concat(Fsck.CheckPages(late)));
            }
        }

        // The files that it reads are gone by now.
        Assert.False(File.Exists(Path.Combine(Folder, StoreFiles.Pages(0))));
        Holds(reader, "/f", 1);
        Assert.Empty(Fsck.Check(reader).Concat(Fsck.CheckPages(reader)));
    }

    [Fact]
    public void A_reader_keeps_no_writer_out()
    {
        _writer.Dispose();
        using var reader = Make(StoreUse.ReadOnly);
        using var next = Make(StoreUse.Durable);
        next.Volume.Unlink("/f");
        next.Volume.Sync();
        Holds(reader, "/f", 1);
    }

    private void Fill(string path, int seed)
    {
        using var file = _writer.Volume.Open(path, OpenFlags.ReadWrite | OpenFlags.Create);
        for (var n = 0; n < Pages; n++)
        {
            file.Write((long)n * Page.Size, Of(n + (1000 * seed)));
        }
    }

    private void Holds(Machine machine, string path, int seed)
    {
        using var file = machine.Volume.Open(path);
        for (var n = 0; n < Pages; n++)
        {
            Assert.Equal(Page.Size, file.Read((long)n * Page.Size, _page));
            Assert.True(Of(n + (1000 * seed)).AsSpan().SequenceEqual(_page), $"{path}, page {n}");
        }
    }

    private Machine Make(StoreUse use) => new(
        new MachineOptions { Memory = 1 << 20, Store = new StoreOptions { Folder = Folder, Memory = StoreOptions.LeastMemory, Use = use } });
}
