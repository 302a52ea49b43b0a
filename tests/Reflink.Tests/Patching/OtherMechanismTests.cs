using Reflink.Patching;
using Reflink.Patching.Sets;
using Reflink.Tests.Files;
using Reflink.Tests.Stories;
using Reflink.Units;
using Reflink.Vm;

namespace Reflink.Tests.Patching;

/// <summary>Private patching and patched copies.</summary>
public sealed class OtherMechanismTests : IDisposable
{
    private const int P = Page.Size;
    private static readonly PatchSet s_good = new PatchSetBuilder().Add(P - 1, "AB"u8, [1, 2]).Build();
    private static readonly PatchSet s_bad = new PatchSetBuilder().Add(8, "A"u8, [1]).Add(P, "?"u8, [1]).Add(3 * P, "D"u8, [1]).Build();
    private readonly Tale _tale = new(Tale.Patches);
    private readonly Process _process;
    private readonly long _address;

    public OtherMechanismTests()
    {
        _tale.File("/lib", 3).Dispose();
        (_process, _address) = _tale.Mapped("/lib", Protection.ReadExecute);
        Tale.Touch(_process, _address, 3);
    }

    [Fact]
    public void Private_patching_refuses_the_whole_set()
    {
        var before = _tale.Machine.Snapshot().Without("counters").ToString();

        var failure = Assert.Throws<PatchRefusedException>(() => PrivatePatch.Apply(_process, _address, s_bad));
        Assert.Equal([P, 3L * P], failure.Problems.Select(p => p.Offset));
        Assert.Throws<PatchRefusedException>(() => PrivatePatch.Revert(_process, _address, s_good));
        Assert.Equal(before, _tale.Machine.Snapshot().Without("counters").ToString());
    }

    [Fact]
    public void Private_patching_copies_both_pages_of_a_crossing_entry_and_keeps_the_protection()
    {
        PrivatePatch.Apply(_process, _address, s_good);
        var bytes = new byte[4];
        _process.Memory.Load(_address + P - 2, bytes);

        Assert.Equal([0x41, 1, 2, 0x42], bytes);
        Assert.Equal(Protection.ReadExecute, Assert.Single(_process.Memory.Mappings).Protection);
        Assert.Equal(2 * P, _tale.Machine.Smaps().Of(_process).PrivateDirty - P);
        Assert.Equal("AABB"u8, _tale.Read("/lib", P + 2).AsSpan(P - 2));
    }

    [Fact]
    public void Private_patching_of_a_part_finds_its_offsets()
    {
        using var file = _tale.Machine.Volume.Open("/lib");
        var part = _process.Memory.Map(file, P, 2 * P, Protection.ReadExecute);
        PrivatePatch.Apply(_process, part, Tale.Breakpoints(P + 5));
        var bytes = new byte[2];
        _process.Memory.Load(part + 4, bytes);

        Assert.Equal([0x42, 0xcc], bytes);
        Assert.Throws<PatchRefusedException>(() => PrivatePatch.Apply(_process, part, Tale.Breakpoints(5)));
    }

    [Fact]
    public void Private_patching_needs_a_private_mapping()
    {
        var (sharing, shared) = _tale.Mapped("/lib", Protection.ReadExecute, shared: true);

        Assert.Equal(Errno.EINVAL, Errors.Of(() => PrivatePatch.Apply(sharing, shared, s_good)));
        Assert.Equal(Errno.EFAULT, Errors.Of(() => PrivatePatch.Apply(_process, 0x10000, s_good)));
    }

    [Fact]
    public void A_patched_copy_is_refused_without_a_trace()
    {
        var before = _tale.Machine.Snapshot().Only("inodes", "extents", "frames", "blocks").ToString();

        Assert.Throws<PatchRefusedException>(() => PatchedCopy.Create(_tale.Machine.Volume, "/lib", "/copy", s_bad));
        Assert.Equal(Errno.EEXIST, Errors.Of(() => PatchedCopy.Create(_tale.Machine.Volume, "/lib", "/lib", s_good)));
        Assert.Equal(Errno.ENOENT, Errors.Of(() => PatchedCopy.Create(_tale.Machine.Volume, "/none", "/copy", s_good)));
        Assert.Equal(before, _tale.Machine.Snapshot().Only("inodes", "extents", "frames", "blocks").ToString());
        PatchedCopy.Create(_tale.Machine.Volume, "/lib", "/copy", s_good);
        Assert.Equal([0x41, 1, 2, 0x42], _tale.Read("/copy", P + 2).AsSpan(P - 2).ToArray());
    }

    public void Dispose()
    {
        Assert.Empty(Fsck.Check(_tale.Machine));
        _tale.Dispose();
    }
}
