using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Reflink.Files.Host;
using Reflink.Tests.Store;
using Reflink.Tests.Stories;
using Reflink.Units;

namespace Reflink.Tests.Files;

[SupportedOSPlatform("linux")]
public sealed partial class HostFileTests : IDisposable
{
    private readonly ScratchFolder _folder = new("host");
    private readonly Machine _machine = new(new MachineOptions { VolumeCapacity = 64 << Page.Shift });

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(Page.Size)]
    [InlineData((10 * Page.Size) + 3)]
    public void A_file_goes_in_and_comes_out_the_same(int length)
    {
        var bytes = Tale.Text(length);
        File.WriteAllBytes(Host("in"), bytes);
        _machine.Volume.Import(Host("in"), "/f");
        _machine.DropCaches();
        _machine.Volume.Export("/f", Host("out"));

        Assert.Equal(bytes, File.ReadAllBytes(Host("out")));
        Assert.Equal(length, _machine.Volume.Stat("/f").Size);
    }

    [Theory]
    [InlineData("missing", Errno.ENOENT)]
    [InlineData("no/such/directory", Errno.ENOENT)]
    [InlineData(".", Errno.EISDIR)]
    [InlineData("/dev/zero", Errno.EINVAL)]
    [InlineData("/proc/self/status", Errno.EINVAL)]
    [InlineData("/proc/self/mem", Errno.EIO)]
    [InlineData("a\0b", Errno.EINVAL)]
    public void What_cannot_be_read_leaves_nothing(string path, Errno error)
    {
        Assert.Equal(error, Errors.Of(() => _machine.Volume.Import(Host(path), "/f")));
        Assert.Empty(_machine.Volume.List("/"));
    }

    [Fact]
    public void What_does_not_fit_leaves_nothing()
    {
        File.WriteAllBytes(Host("big"), new byte[(3 << 20) + 1]);

        Assert.Equal(Errno.ENOSPC, Errors.Of(() => _machine.Volume.Import(Host("big"), "/f")));
        Assert.Equal(64, _machine.Volume.Blocks.Free);
        Assert.Empty(_machine.Volume.List("/"));
    }

    [Fact]
    public void Progress_is_told_and_may_stop_the_import_which_leaves_nothing()
    {
        using var machine = new Machine();
        File.WriteAllBytes(Host("big"), new byte[(2 << 20) + 5]);
        var told = new List<long>();
        machine.Volume.Import(Host("big"), "/f", new Told(told.Add));

        Assert.Equal([1 << 20, 2 << 20, (2 << 20) + 5], told);
        Assert.Throws<OperationCanceledException>(() => machine.Volume.Import(Host("big"), "/g", new Told(_ => throw new OperationCanceledException())));
        Assert.Equal(["f"], machine.Volume.List("/").Select(f => f.Name));
        Fsck.Require(machine);
    }

    [Fact]
    public void A_host_that_is_full_is_an_error()
    {
        _machine.Volume.Create("/f").Write(0, Tale.Letters(2));

        Assert.Equal(Errno.ENOSPC, Errors.Of(() => _machine.Volume.Export("/f", "/dev/full")));
        Assert.Equal(Errno.ENOENT, Errors.Of(() => _machine.Volume.Export("/none", Host("out"))));
        Assert.False(File.Exists(Host("out")));
    }

    [Fact]
    public void Pipes_and_sockets_are_refused_at_once()
    {
        Assert.Equal(0, MakePipe(Host("pipe"), 0x1FF));
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(Host("socket")));
        File.CreateSymbolicLink(Host("link"), Host("pipe"));

        Assert.All((string[])["pipe", "socket", "link"], name => Assert.Equal(Errno.EINVAL, Errors.Of(() => _machine.Volume.Import(Host(name), "/f"))));
        _machine.Volume.Create("/f").Dispose();
        Assert.Equal(Errno.ENXIO, Errors.Of(() => _machine.Volume.Export("/f", Host("pipe"))));
        Assert.Equal(Errno.ENXIO, Errors.Of(() => _machine.Volume.Export("/f", Host("socket"))));
        Assert.Equal(Errno.EISDIR, Errors.Of(() => _machine.Volume.Export("/f", Host("."))));
        Assert.Equal(["link", "pipe", "socket"], Names());
    }

    [Fact]
    public void A_sparse_file_stays_sparse_both_ways()
    {
        Sparse("in", 64 << 20, 40 << 20);
        _machine.Volume.Import(Host("in"), "/f");
        Assert.Equal((64 << 20, 1), (_machine.Volume.Stat("/f").Size, _machine.Volume.Stat("/f").Blocks));
        _machine.Volume.Export("/f", Host("out"));

        Assert.Equal([(40 << 20, (40 << 20) + Page.Size)], Ranges("out"));
        Assert.Equal(64 << 20, new FileInfo(Host("out")).Length);
        Assert.Equal(File.ReadAllBytes(Host("in")), File.ReadAllBytes(Host("out")));
    }

    [Fact]
    public void A_hole_of_a_TiB_is_not_read_nor_written()
    {
        using var machine = new Machine();
        Sparse("in", 1L << 40, 1L << 39);
        var parts = new List<long>();
        machine.Volume.Import(Host("in"), "/f", new Told(parts.Add));
        machine.Volume.Export("/f", Host("out"), new Told(parts.Add));

        Assert.Equal([(1L << 39) + Page.Size, 1L << 40, (1L << 39) + Page.Size], parts);
        Assert.Equal([(1L << 39, (1L << 39) + Page.Size)], Ranges("out"));
        Assert.Equal(1, machine.Volume.Stat("/f").Blocks);
    }

    [Theory]
    [InlineData(3 << 20)]
    [InlineData((3 << 20) - 1)]
    [InlineData((1 << 20) + 7)]
    [InlineData((3 << 20) + 5)]
    [InlineData(9 << 20)]
    public void A_file_that_changes_while_it_is_read_is_told_and_leaves_nothing(int length)
    {
        using var machine = new Machine();
        File.WriteAllBytes(Host("in"), new byte[3 << 20]);
        File.SetLastWriteTimeUtc(Host("in"), new DateTime(2001, 1, 1));
        var changing = new Told(done =>
        {
            using var file = File.OpenWrite(Host("in"));
            file.SetLength(length);
            file.Write("x"u8);
        });

        Assert.Equal(Errno.ESTALE, Errors.Of(() => machine.Volume.Import(Host("in"), "/f", changing)));
        Assert.Empty(machine.Volume.List("/"));
        Fsck.Require(machine);
    }

    [Fact]
    public void An_export_that_fails_leaves_the_hosts_file_as_it_was()
    {
        var store = new WatchedPageStore(new DictionaryPageStore());
        using var machine = new Machine(new MachineOptions { PageStore = store });
        machine.Volume.Create("/f").Write(0, Tale.Letters(4));
        machine.DropCaches();
        store.Damaged.UnionWith(machine.Volume.Extents("/f").Select(e => e.Block + 2));
        File.WriteAllText(Host("out"), "good");

        Assert.Equal(Errno.EIO, Errors.Of(() => machine.Volume.Export("/f", Host("out"))));
        Assert.Equal(Errno.EIO, Errors.Of(() => machine.Volume.Export("/f", Host("new"))));
        store.Damaged.Clear();
        Assert.Throws<OperationCanceledException>(() => machine.Volume.Export("/f", Host("out"), new Told(_ => throw new OperationCanceledException())));
        Assert.Equal(("good", "out"), (File.ReadAllText(Host("out")), string.Join(' ', Names())));
    }

    [Fact]
    public void An_export_keeps_links_and_the_old_files_mode()
    {
        _machine.Volume.Create("/f").Write(0, "new"u8);
        File.WriteAllText(Host("old"), "old");
        File.SetUnixFileMode(Host("old"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupExecute);
        File.CreateSymbolicLink(Host("link"), "old");
        File.CreateSymbolicLink(Host("dangling"), "made");
        _machine.Volume.Export("/f", Host("link"));
        _machine.Volume.Export("/f", Host("dangling"));

        Assert.Equal(("new", "old", "new"), (File.ReadAllText(Host("old")), new FileInfo(Host("link")).LinkTarget, File.ReadAllText(Host("made"))));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupExecute, File.GetUnixFileMode(Host("old")));
        Assert.Equal(["dangling", "link", "made", "old"], Names());
    }

    [Theory]
    [InlineData(0x1A0, 2001)]
    [InlineData(0x1ED, 1950)]
    [InlineData(0x100, 2038)]
    public void Mode_and_time_are_kept_on_request(int mode, int year)
    {
        var time = new DateTime(year, 2, 3, 4, 5, 6, DateTimeKind.Utc).AddTicks(1_234_567);
        File.WriteAllText(Host("in"), "x");
        File.SetLastWriteTimeUtc(Host("in"), time);
        File.SetUnixFileMode(Host("in"), (UnixFileMode)mode);
        _machine.Volume.Import(Host("in"), "/f", keepAttributes: true);
        _machine.Volume.Import(Host("in"), "/g");
        _machine.Volume.Export("/f", Host("out"), keepAttributes: true);

        Assert.Equal(((UnixFileMode)mode, (time - DateTime.UnixEpoch).Ticks * 100), (_machine.Volume.Stat("/f").Mode, _machine.Volume.Stat("/f").ModifiedAt));
        Assert.Equal((FileModes.File, true), (_machine.Volume.Stat("/g").Mode, _machine.Volume.Stat("/g").ModifiedAt <= _machine.Clock.Now));
        Assert.Equal(((UnixFileMode)mode, time), (File.GetUnixFileMode(Host("out")), File.GetLastWriteTimeUtc(Host("out"))));
    }

    [Fact]
    public void Rights_to_run_as_the_owner_stay_in_the_volume()
    {
        _machine.Volume.Create("/f").Dispose();
        _machine.Volume.SetMode("/f", FileModes.Program | FileModes.SetIds);
        _machine.Volume.Export("/f", Host("out"), keepAttributes: true);

        Assert.Equal(FileModes.Program, File.GetUnixFileMode(Host("out")));
    }

    [Fact]
    public void A_pipe_gets_the_bytes_and_holes_as_zeroes()
    {
        using (var file = _machine.Volume.Create("/f"))
        {
            file.Write(3 * Page.Size, "x"u8);
            file.Truncate(5 * Page.Size);
        }

        Assert.Equal(0, MakePipe(Host("pipe"), 0x1FF));
        using var reader = new FileStream(Host("pipe"), new FileStreamOptions { Access = FileAccess.ReadWrite, Mode = FileMode.Open, BufferSize = 0 });
        _machine.Volume.Export("/f", Host("pipe"));
        var bytes = new byte[5 * Page.Size];
        reader.ReadExactly(bytes);

        Assert.Equal([.. new byte[3 * Page.Size], (byte)'x', .. new byte[(2 * Page.Size) - 1]], bytes);
        Assert.Equal(["pipe"], Names());
    }

    public void Dispose()
    {
        _machine.Dispose();
        _folder.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "mkfifo", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MakePipe(string path, int mode);

    private void Sparse(string name, long length, long at)
    {
        using var file = File.Create(Host(name));
        file.SetLength(length);
        file.Position = at;
        file.Write(Tale.Text(1));
    }

    private (long From, long To)[] Ranges(string name)
    {
        using var source = new HostSource(Host(name));
        return [.. source.DataRanges()];
    }

    private string[] Names() => [.. Directory.GetFileSystemEntries(_folder.Path).Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal)];

    private string Host(string name) => _folder.Of(name);

    private sealed class Told(Action<long> tell) : IProgress<long>
    {
        public void Report(long value) => tell(value);
    }
}
