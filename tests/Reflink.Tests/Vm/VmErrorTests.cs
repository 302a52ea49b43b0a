using Reflink.Units;
using Reflink.Vm;

namespace Reflink.Tests.Vm;

/// <summary>What is refused, by its name in errno(3).</summary>
public sealed class VmErrorTests : Machinery
{
    [Fact]
    public void Where_nothing_is_mapped_or_allowed_it_is_EFAULT()
    {
        var at = Memory.Map(File, 0, Size, Protection.Read);
        Fails(Errno.EFAULT, () => Load(at + Size));
        Fails(Errno.EFAULT, () => Store(at, 1));
        Fails(Errno.EFAULT, () => Memory.DebugWrite(at + Size, [1]));
        Memory.Protect(at, Size, Protection.None);
        Fails(Errno.EFAULT, () => Load(at));
    }

    [Fact]
    public void Behind_the_end_of_the_file_it_is_EFAULT_until_the_file_grows()
    {
        var at = Memory.Map(File, 0, 8 * Size, Protection.ReadWrite, MappingKind.Shared);
        Fails(Errno.EFAULT, () => Load(at + (4 * Size)));
        File.Write(4 * Size, [7]);
        Assert.Equal(7, Load(at + (4 * Size)));
        Assert.Equal(0, Load(at + (4 * Size) + 1));
        File.Truncate(Size + 1);
        Assert.Equal((2, 0), (Load(at + Size), Load(at + Size + 1)));
        Fails(Errno.EFAULT, () => Load(at + (2 * Size)));
    }

    // vmtruncate: the pages behind the new end are unmapped from all mappings (unmap_mapping_range, mm/memory.c).
    [Theory]
    [InlineData(MappingKind.Shared)]
    [InlineData(MappingKind.Private)]
    public void A_page_that_was_mapped_is_SIGBUS_once_the_file_ends_before_it(MappingKind kind)
    {
        var at = Memory.Map(File, 0, 4 * Size, Protection.ReadWrite, kind);
        Assert.Equal((3, 4), (Load(at + (2 * Size)), Load(at + (3 * Size))));
        File.Truncate(2 * Size);
        Assert.Contains("SIGBUS", Assert.Throws<ReflinkException>(() => Load(at + (2 * Size))).Message, StringComparison.Ordinal);
        Assert.Contains("SIGBUS", Assert.Throws<ReflinkException>(() => Store(at + (3 * Size), 1)).Message, StringComparison.Ordinal);
        Assert.Equal(2, Load(at + Size));
        Assert.Equal(1, Machine.DropCaches());

        File.Truncate(4 * Size);
        Assert.Equal((0, 0), (Load(at + (2 * Size)), Load(at + (3 * Size))));
        Assert.Empty(Fsck.Check(Machine));
    }

    [Theory]
    [InlineData(MappingKind.Shared, 0)]
    [InlineData(MappingKind.Private, 9)]
    public void A_page_that_was_mapped_reads_as_zeroes_once_a_hole_was_punched_there_and_a_private_copy_stays(MappingKind kind, byte copy)
    {
        var at = Memory.Map(File, 0, 4 * Size, Protection.ReadWrite, kind);
        Store(at + Size, 9);
        Assert.Equal((9, 3), (Load(at + Size), Load(at + (2 * Size))));
        File.PunchHole(Size, 2 * Size);
        Assert.Equal((copy, 0), (Load(at + Size), Load(at + (2 * Size))));
        Assert.Equal("0", Counter("nr_mapped"));

        Store(at + (2 * Size), 5);
        Assert.Equal((5, 0), (Load(at + (2 * Size)), Load(at + (2 * Size) + 1)));
        Assert.Empty(Fsck.Check(Machine));
    }

    private string Counter(string name) => Machine.Control["/proc/vmstat"].Split('\n').Single(line => line.StartsWith($"{name} ", StringComparison.Ordinal))[(name.Length + 1)..];

    [Fact]
    public void Rights_that_the_open_file_has_not_are_EACCES()
    {
        using var read = Machine.Volume.Open("/f");
        using var write = Machine.Volume.Open("/f", OpenFlags.Write);
        Fails(Errno.EACCES, () => Memory.Map(read, 0, Size, Protection.ReadWrite, MappingKind.Shared));
        Fails(Errno.EACCES, () => Memory.Map(write, 0, Size, Protection.Read));
        var at = Memory.Map(read, 0, Size, Protection.Read, MappingKind.Shared);
        Fails(Errno.EACCES, () => Memory.Protect(at, Size, Protection.ReadWrite));
        Fails(Errno.EFAULT, () => Memory.DebugWrite(at, [1]));
        Memory.Map(read, 0, Size, Protection.ReadWrite);
    }

    [Theory]
    [InlineData(0x4000_0001, Page.Size)]
    [InlineData(0x4000_0000, 0)]
    [InlineData(0x4000_0000, -1)]
    [InlineData(0x4000_0000, long.MaxValue)]
    [InlineData(0x1000, Page.Size)]
    [InlineData(0x7FFF_F7FF_F000, Page.Size)]
    public void A_range_that_is_none_is_EINVAL(long address, long length)
    {
        Fails(Errno.EINVAL, () => Memory.MapAnonymous(length, Protection.Read, address: address));
        Fails(Errno.EINVAL, () => Memory.Unmap(address, length));
        Fails(Errno.EINVAL, () => Memory.Protect(address, length, Protection.Read));
    }

    [Fact]
    public void An_offset_within_a_page_is_EINVAL() => Fails(Errno.EINVAL, () => Memory.Map(File, 1, Size, Protection.Read));

    [Fact]
    public void What_does_not_fit_and_what_is_not_there_is_ENOMEM()
    {
        Fails(Errno.ENOMEM, () => Memory.MapAnonymous(long.MaxValue, Protection.Read));
        Fails(Errno.ENOMEM, () => Memory.MapAnonymous(1L << 47, Protection.Read, MappingKind.Shared));
        var at = Memory.MapAnonymous(Size, Protection.Read);
        Fails(Errno.ENOMEM, () => Memory.Protect(at - Size, 2 * Size, Protection.ReadWrite));
        Assert.Equal(Protection.Read, Assert.Single(Memory.Mappings).Protection);
    }

    [Fact]
    public void A_process_that_has_exited_is_ESRCH()
    {
        var at = Memory.MapAnonymous(Size, Protection.ReadWrite);
        Process.Exit();
        Fails(Errno.ESRCH, () => Load(at));
        Fails(Errno.ESRCH, () => Store(at, 1));
        Fails(Errno.ESRCH, () => Memory.DebugWrite(at, [1]));
        Fails(Errno.ESRCH, () => Memory.MapAnonymous(Size, Protection.Read));
        Fails(Errno.ESRCH, () => Memory.Unmap(at, Size));
        Fails(Errno.ESRCH, () => Memory.Protect(at, Size, Protection.Read));
        Fails(Errno.ESRCH, () => Process.Fork());
        Fails(Errno.ESRCH, () => Process.Exec("x"));
        Fails(Errno.ESRCH, Process.Exit);
    }
}
