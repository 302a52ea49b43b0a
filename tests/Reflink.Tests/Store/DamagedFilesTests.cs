using Reflink.Store;
using Reflink.Units;
using static Reflink.Tests.Store.TestPage;

namespace Reflink.Tests.Store;

/// <summary>Bytes of the files change behind the store's back: a page is an I/O error or right, never wrong.</summary>
public sealed class DamagedFilesTests : IDisposable
{
    private const int Pages = 40;
    private const int HeaderBytes = 16;
    private const int Victim = 30;

    private readonly ScratchFolder _folder = new();
    private readonly FasterPageStore _store;
    private readonly byte[] _page = new byte[Page.Size];

    public DamagedFilesTests()
    {
        // Each page twice, so that old records with good checksums are about; too few for compaction to have come to the victim's.
        _store = new FasterPageStore(FileSlotsOf.Pages(3, _folder.Path));
        for (var n = 0; n < 2; n++)
        {
            for (var serial = 1; serial <= Pages; serial++)
            {
                _store.Write(Stored(serial), Of(serial + (n * 1000)));
            }
        }
    }

    public static TheoryData<int> Places => [.. Enumerable.Range(-HeaderBytes, HeaderBytes), 0, 2049, Page.Size - 1, Page.Size, Page.Size + 7];

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [MemberData(nameof(Places))]
    public void One_flipped_byte_never_shows(int place)
    {
        Assert.Contains(PageFiles(), f => File.ReadAllBytes(f).AsSpan().IndexOf(Of(Victim)) >= 0);
        Flip(Of(Victim + 1000), place);
        var isBad = !ReadsRight(Victim);

        // FASTER's header, which comes first, may be damaged where nobody looks; its key, the page and the checksum may not.
        Assert.True(isBad || place < -sizeof(long));
        AssertOthersHold();
    }

    [Fact]
    public void A_damaged_page_among_many_takes_no_other_with_it()
    {
        Flip(Of(Victim + 1000), 99);
        var pages = _store.ReadMany([.. Enumerable.Range(1, Pages).Select(n => Stored(n))]);
        Assert.Equal(Enumerable.Range(1, Pages).Select(n => n == Victim ? null : Of(n + 1000)), pages);
        Assert.Equal(Pages - 1, _store.Reads);
    }

    [Fact]
    public void Damage_stays_damage_when_it_is_compacted()
    {
        Flip(Of(Victim + 1000), 99);
        Flip(Of(Victim + 1001), -sizeof(long));
        for (var n = 0; n < 20; n++)
        {
            for (var serial = Victim + 2; serial <= Pages; serial++)
            {
                _store.Write(Stored(serial), Of(serial + 1000));
            }
        }

        Assert.False(ReadsRight(Victim));
        Assert.False(ReadsRight(Victim + 1));
        _store.Write(Stored(Victim), Of(Victim + 1000));
        _store.Write(Stored(Victim + 1), Of(Victim + 1001));
        Assert.True(ReadsRight(Victim));
        AssertOthersHold();
    }

    [Fact]
    public void A_file_that_was_cut_off_is_an_io_error()
    {
        foreach (var file in PageFiles())
        {
            File.WriteAllBytes(file, []);
        }

        Assert.False(ReadsRight(1));
        Assert.False(ReadsRight(Victim));
        Assert.True(ReadsRight(Pages));
    }

    [Fact]
    public void A_machine_names_path_page_block_and_file()
    {
        using var folder = new ScratchFolder();
        using var machine = new Machine(new MachineOptions { Memory = 1 << 20, Store = new StoreOptions { Folder = folder.Path, Memory = StoreOptions.LeastMemory } });
        var file = machine.Volume.Create("/f");
        for (var n = 0; n < 2000; n++)
        {
            file.Write((long)n * Page.Size, Of(n));
        }

        machine.DropCaches();
        Flip(Of(3), 0, folder.Path);
        var error = Assert.Throws<ReflinkException>(() => file.Read(3 * Page.Size, _page));
        Assert.Equal(Errno.EIO, error.Error);
        Assert.StartsWith($"EIO: '/f' (inode {file.Inode.Number}), page 3: block s4 does not match its checksum in {folder.Path}/pages.0: ", error.Message, StringComparison.Ordinal);
        file.Read(4 * Page.Size, _page);
        Assert.Equal(Of(4), _page);
        machine.Volume.MakeDirectory("/d");
        machine.Volume.Link("/f", "/d/hard");
        machine.Volume.Clone("/f", "/d/clone");
        var clone = machine.Volume.Find("/d/clone").Number;
        Assert.Equal(
            [$"EIO: '/d/hard', '/f' (inode {file.Inode.Number}), page 3: block s4 does not match its checksum in {folder.Path}/pages.0: write it anew from a good copy; so is page 3 of '/d/clone' (inode {clone})"],
            Fsck.CheckPages(machine));
    }

    private bool ReadsRight(int serial)
    {
        Array.Fill(_page, (byte)1);
        try
        {
            _store.Read(Stored(serial), _page);
        }
        catch (ReflinkException e)
        {
            Assert.Equal(Errno.EIO, e.Error);
            Assert.Contains($"block s{serial} ", e.Message);
            Assert.Equal(new byte[Page.Size], _page);
            return false;
        }

        Assert.Equal(Of(serial + 1000), _page);
        return true;
    }

    private void AssertOthersHold() =>
        Assert.All(Enumerable.Range(1, Pages).Where(n => n is not (Victim or Victim + 1)), n => Assert.True(ReadsRight(n)));

    private string[] PageFiles() => Directory.GetFiles(_folder.Path, "pages.*");

    /// <summary>Inverts a byte, so far from where that page begins in the files, which it does once.</summary>
    private void Flip(byte[] page, int place, string? folder = null)
    {
        var found = 0;
        foreach (var file in Directory.GetFiles(folder ?? _folder.Path, "pages.*"))
        {
            var bytes = File.ReadAllBytes(file);
            if (bytes.AsSpan().IndexOf(page) is >= 0 and var at)
            {
                using var handle = File.OpenHandle(file, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
                RandomAccess.Write(handle, [(byte)(bytes[at + place] ^ 0xFF)], at + place);
                found++;
            }
        }

        Assert.Equal(1, found);
    }
}
