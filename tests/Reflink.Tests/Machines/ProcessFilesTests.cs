using Reflink.Vm;

namespace Reflink.Tests.Machines;

/// <summary>Control files that tell of the memory of processes, and how much a fault maps.</summary>
public sealed class ProcessFilesTests : IDisposable
{
    private const string Around = "/sys/kernel/debug/fault_around_bytes";

    private readonly Machine _machine = new(new MachineOptions { Memory = 1 << 20 });

    public void Dispose() => _machine.Dispose();

    [Fact]
    public void Smaps_is_written_as_the_kernel_writes_it()
    {
        var process = Map(out var at);
        process.Memory.Store(at + Page.Size, [1]);
        var text = _machine.Control[$"/proc/{process.Id}/smaps"];
        var header = $"{at:x8}-{at + (4 * Page.Size):x8} rw-p 00000000 00:01 ";
        var lines = text.Split('\n');
        Assert.StartsWith(header, lines[0], StringComparison.Ordinal);
        Assert.EndsWith(" /f", lines[0], StringComparison.Ordinal);
        Assert.Equal("/f", lines[0][73..]);
        Assert.Equal("Size:                 16 kB", lines[1]);
        Assert.Contains("Rss:                   8 kB", lines);
        Assert.Contains("Referenced:            8 kB", lines);
        Assert.Contains("Anonymous:             4 kB", lines);
        Assert.Equal("VmFlags: rd wr mr mw me ", lines[^1]);
        Assert.Contains("RssAnon:\t       4 kB", _machine.Control[$"/proc/{process.Id}/status"].Split('\n'));
        Assert.Contains("VmSize:\t      16 kB", _machine.Control[$"/proc/{process.Id}/status"].Split('\n'));
    }

    [Fact]
    public void How_much_a_fault_maps_can_be_read_and_changed()
    {
        Assert.Equal("4096", _machine.Control[Around]);
        _machine.Control[Around] = "20000";
        Assert.Equal("16384", _machine.Control[Around]);
        var process = Map(out _);
        Assert.Equal(4 * Page.Size, _machine.Smaps().Of(process).Rss);
        _machine.Control[Around] = "0";
        Assert.Equal("4096", _machine.Control[Around]);
        Assert.Equal(Reflink.Units.Errno.EINVAL, Assert.Throws<ReflinkException>(() => _machine.Control[Around] = "4194304").Error);
    }

    // A process that has loaded from the first of four pages of a file.
    private Process Map(out long at)
    {
        using var file = _machine.Volume.Create("/f");
        file.Write(0, Enumerable.Repeat((byte)1, 4 * Page.Size).ToArray());
        var process = _machine.Processes.Spawn(_machine.Processes.User(0), "p");
        at = process.Memory.Map(file, 0, 4 * Page.Size, Protection.ReadWrite, MappingKind.Private);
        _ = process.Memory.Load<byte>(at);
        return process;
    }
}
