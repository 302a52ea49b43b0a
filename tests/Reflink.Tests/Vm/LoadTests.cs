using Reflink.Tests.Files;
using Reflink.Tests.Stories;
using Reflink.Units;
using Reflink.Vm;

namespace Reflink.Tests.Vm;

/// <summary>An address space remembers the page that it loaded from last; whatever changes in it must make it look again.</summary>
public sealed class LoadTests : IDisposable
{
    private const int P = Page.Size;
    private readonly Tale _tale = new(Tale.Processes);
    private readonly Process _process;
    private readonly long _address;

    public LoadTests()
    {
        _tale.File("/a", 3).Dispose();
        (_process, _address) = _tale.Mapped("/a", Protection.ReadWrite);
        Load();
    }

    [Fact]
    public void After_the_right_to_load_is_taken_away()
    {
        _process.Memory.Protect(_address, P, Protection.None);
        Assert.Equal(Errno.EFAULT, Errors.Of(() => Load()));
        _process.Memory.Protect(_address, P, Protection.Write);
        _process.Memory.Store(_address, "x"u8);
        _process.Memory.Store(_address, "y"u8);
        Assert.Equal(Errno.EFAULT, Errors.Of(() => Load()));
        _process.Memory.Protect(_address, P, Protection.Read);
        Assert.Equal((byte)'y', Load());
    }

    [Fact]
    public void After_the_mapping_is_gone_or_another_in_its_place()
    {
        _process.Memory.Unmap(_address, P);
        Assert.Equal(Errno.EFAULT, Errors.Of(() => Load()));
        using var file = _tale.Machine.Volume.Open("/a");
        _process.Memory.Map(file, 2 * P, P, Protection.Read, address: _address);
        Assert.Equal((byte)'C', Load());
        Assert.Equal((byte)'C', Load());
        _process.Memory.Map(file, P, P, Protection.Read, address: _address);
        Assert.Equal((byte)'B', Load());
        _process.Exit();
        Assert.Equal(Errno.ESRCH, Errors.Of(() => Load()));
    }

    [Fact]
    public void After_a_store_by_the_process_a_debugger_or_another_process()
    {
        using var file = _tale.Machine.Volume.Open("/a", OpenFlags.ReadWrite);
        file.Write(0, "1"u8);
        Assert.Equal((byte)'1', Load());
        _process.Memory.Store(_address, "2"u8);
        Assert.Equal((byte)'2', Load());
        var child = _process.Fork();
        child.Memory.DebugWrite(_address, "3"u8);
        Assert.Equal((byte)'2', Load());
        Assert.Equal((byte)'3', child.Memory.Load<byte>(_address));
        _process.Memory.DebugWrite(_address, "4"u8);
        Assert.Equal((byte)'4', Load());
    }

    [Fact]
    public void After_a_debugger_gave_the_page_a_copy_of_its_own()
    {
        _process.Memory.DebugWrite(_address, "3"u8);
        Assert.Equal((byte)'3', Load());
    }

    [Fact]
    public void After_the_first_store_to_anonymous_memory()
    {
        var memory = _process.Memory.MapAnonymous(P, Protection.ReadWrite);
        Assert.Equal(0, _process.Memory.Load<byte>(memory));
        Assert.Equal(0, _process.Memory.Load<byte>(memory));
        _process.Memory.Store(memory, [7]);
        Assert.Equal(7, _process.Memory.Load<byte>(memory));
    }

    [Fact]
    public void After_the_machine_was_switched_off()
    {
        using var other = new Tale(Tale.Processes);
        other.File("/a", 1).Dispose();
        var (process, address) = other.Mapped("/a", Protection.Read);
        Assert.Equal((byte)'A', process.Memory.Load<byte>(address));
        other.Machine.Dispose();
        Assert.Throws<ObjectDisposedException>(() => process.Memory.Load<byte>(address));
    }

    [Fact]
    public void Values_may_lie_across_pages()
    {
        Assert.Equal(0x4242424241414141, _process.Memory.Load<long>(_address + P - 4));
        Assert.Equal(0x41414141u, _process.Memory.Load<uint>(_address + P - 4));
        Assert.Equal(Errno.EFAULT, Errors.Of(() => _process.Memory.Load<long>(_address + (3 * P) - 4)));
    }

    public void Dispose()
    {
        Assert.Empty(Fsck.Check(_tale.Machine));
        _tale.Dispose();
    }

    private byte Load() => _process.Memory.Load<byte>(_address);
}
