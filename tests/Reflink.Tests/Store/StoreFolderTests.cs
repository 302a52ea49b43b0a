using Reflink.Store;
using Reflink.Units;
using static Reflink.Tests.Store.TestPage;

namespace Reflink.Tests.Store;

/// <summary>Folders that a store must not touch, and those that it may.</summary>
public sealed class StoreFolderTests : IDisposable
{
    private readonly ScratchFolder _scratch = new();

    private string Folder => _scratch.Of("store");

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void A_folder_is_made_and_left_without_pages()
    {
        using (var store = Make(_scratch.Of("a/b/store")))
        {
            store.Write(Stored(1), Of(1));
            Assert.InRange(store.Diagnostics.OnDisk, 1, StoreOptions.LeastMemory);
        }

        Assert.Equal(["reflink-store"], Names(_scratch.Of("a/b/store")));
        using var again = Make(_scratch.Of("a/b/store"));
        Assert.False(again.Contains(Stored(1)));
        again.Write(Stored(1), Of(2));
    }

    [Theory]
    [InlineData("letter.txt")]
    [InlineData("pages.1")]
    public void A_folder_with_files_of_somebody_else_is_left_alone(string name)
    {
        Directory.CreateDirectory(Folder);
        File.WriteAllText(Path.Combine(Folder, name), "mine");
        AssertRefused(Errno.ENOTEMPTY, name);
        Assert.Equal([name], Names(Folder));
        Assert.Equal("mine", File.ReadAllText(Path.Combine(Folder, name)));
    }

    [Fact]
    public void A_file_among_a_stores_own_is_found_as_well()
    {
        Make(Folder).Dispose();
        File.WriteAllText(Path.Combine(Folder, "pages.x"), "mine");
        AssertRefused(Errno.ENOTEMPTY, "pages.x");
    }

    [Theory]
    [InlineData("Reflink page store, version 2\n")]
    [InlineData("Reflink page store, version 1\nand more")]
    [InlineData("x")]
    public void A_store_of_another_version_is_left_alone(string manifest)
    {
        Make(Folder).Dispose();
        File.WriteAllText(Path.Combine(Folder, "reflink-store"), manifest);
        File.WriteAllText(Path.Combine(Folder, "pages.1"), "theirs");
        AssertRefused(Errno.EINVAL, "version");
        Assert.Equal(["pages.1", "reflink-store"], Names(Folder));
        Assert.Equal(manifest, File.ReadAllText(Path.Combine(Folder, "reflink-store")));
    }

    [Fact]
    public void A_folder_in_use_is_refused_until_it_is_free()
    {
        using (var first = Make(Folder))
        {
            first.Write(Stored(1), Of(1));
            AssertRefused(Errno.EBUSY, "another store");
            var page = new byte[Page.Size];
            first.Read(Stored(1), page);
            Assert.Equal(Of(1), page);
        }

        Make(Folder).Dispose();
    }

    [Fact]
    public void What_a_crashed_run_left_is_deleted()
    {
        Make(Folder).Dispose();
        File.WriteAllText(Path.Combine(Folder, "pages.17"), "old");
        using var store = Make(Folder);
        Assert.Equal(["reflink-store"], Names(Folder));
    }

    [Fact]
    public void What_is_no_folder_is_refused()
    {
        File.WriteAllText(Folder, "a file");
        AssertRefused(Errno.ENOTDIR, "name a folder");
        Assert.Equal(Errno.ENOENT, Assert.Throws<ReflinkException>(() => Make(Path.Combine(Folder, "below"))).Error);
        Assert.Equal("a file", File.ReadAllText(Folder));
    }

    [Fact]
    public void A_folder_that_goes_away_is_an_error_of_the_write_that_needs_it()
    {
        using var store = Make(Folder);
        Directory.Delete(Folder, recursive: true);
        Assert.Equal(Errno.ENOENT, Assert.Throws<ReflinkException>(() => store.Write(Stored(1), Of(1))).Error);
        Assert.Equal(0, store.PageCount);
    }

    [Theory]
    [InlineData("", StoreOptions.LeastMemory)]
    [InlineData("x", StoreOptions.LeastMemory - 1)]
    [InlineData("x", StoreOptions.MaxMemory + 1)]
    [InlineData("x", -1L)]
    public void Senseless_options_are_EINVAL_and_leave_nothing(string name, long memory)
    {
        var options = new StoreOptions { Folder = name.Length == 0 ? "" : _scratch.Of(name), Memory = memory };
        Assert.Equal(Errno.EINVAL, Assert.Throws<ReflinkException>(() => new FasterPageStore(options)).Error);
        Assert.Equal(Errno.EINVAL, Assert.Throws<ReflinkException>(() => new Machine(new MachineOptions { Store = options })).Error);
        Assert.Empty(Directory.GetFileSystemEntries(_scratch.Path));
    }

    [Fact]
    public void A_machine_on_files_snapshots_as_one_in_memory()
    {
        using var files = new Machine(new MachineOptions { Memory = 1 << 20, Store = new StoreOptions { Folder = Folder, Memory = StoreOptions.LeastMemory } });
        using var memory = new Machine(new MachineOptions { Memory = 1 << 20 });
        foreach (var machine in (Machine[])[files, memory])
        {
            var file = machine.Volume.Create("/f");
            for (var n = 0; n < 1500; n++)
            {
                file.Write((long)n * Page.Size, Of(n % 50));
            }

            machine.Volume.Clone("/f", "/g");
            file.Write(0, Of(1));
            Assert.Equal(Page.Size, machine.Volume.Open("/g").Read(700 * Page.Size, new byte[Page.Size]));
        }

        Assert.Equal(memory.Snapshot().ToString(), files.Snapshot().ToString());
        Assert.InRange(files.StoreDiagnostics.DeviceReads, Page.Size, long.MaxValue);
        Assert.Equal(default, memory.StoreDiagnostics);
    }

    private static FasterPageStore Make(string folder) => new(new StoreOptions { Folder = folder, Memory = StoreOptions.LeastMemory });

    private static string[] Names(string folder) =>
        [.. Directory.GetFileSystemEntries(folder).Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal)];

    private void AssertRefused(Errno expected, string word)
    {
        var error = Assert.Throws<ReflinkException>(() => Make(Folder));
        Assert.Equal(expected, error.Error);
        Assert.Contains(word, error.Message);
        Assert.Contains(Folder, error.Message);
    }
}
