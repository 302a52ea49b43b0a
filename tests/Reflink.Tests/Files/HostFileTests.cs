using Reflink.Files;
using Reflink.Machines;
using Reflink.Tests.Stories;
using Reflink.Units;

namespace Reflink.Tests.Files;

public sealed class HostFileTests : IDisposable
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
    [InlineData(".", Errno.EACCES)]
    [InlineData("/proc/self/mem", Errno.EIO)]
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

        Assert.Equal(Errno.EIO, Errors.Of(() => _machine.Volume.Export("/f", "/dev/full")));
        Assert.Equal(Errno.ENOENT, Errors.Of(() => _machine.Volume.Export("/none", Host("out"))));
        Assert.False(File.Exists(Host("out")));
    }

    public void Dispose()
    {
        _machine.Dispose();
        _folder.Dispose();
    }

    private string Host(string name) => _folder.Of(name);

    private sealed class Told(Action<long> tell) : IProgress<long>
    {
        public void Report(long value) => tell(value);
    }
}
