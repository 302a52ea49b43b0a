using Reflink.Machines;
using Reflink.Units;
using Reflink.Vm;
using static Reflink.Tests.Patching.Scene;

namespace Reflink.Tests.Patching;

/// <summary>Who shares the pages of equal changes: two processes of ann's, a child of the first, one of bob's.</summary>
public sealed class SharingDomainTests
{
    private static readonly PatchSet s_set = new PatchSetBuilder().Add(16, "A"u8, "1"u8).Add(P + 16, "B"u8, "2"u8).Build();

    [Theory]
    [InlineData(SharingDomain.Machine, "0 0 0 0")]
    [InlineData(SharingDomain.User, "0 0 0 1")]
    [InlineData(SharingDomain.None, "0 0 1 2")]
    public void Equal_pokes_are_as_many_inodes_and_frames_as_there_are_domains(SharingDomain domain, string expected)
    {
        using var scene = new Scene(domain: domain);
        var ann = scene.Mapped(scene.Ann);
        scene.Machine.TextPoke.Apply(ann.Process, ann.Address, s_set);
        var child = (ann.Process.Fork(), ann.Address);
        var (other, bob) = (scene.Mapped(scene.Ann), scene.Mapped(scene.Bob));
        scene.Machine.TextPoke.Apply(other.Process, other.Address, s_set);
        scene.Machine.TextPoke.Apply(bob.Process, bob.Address, s_set);
        RequireSharing(scene, [ann, child, other, bob], expected);
    }

    [Theory]
    [InlineData(SharingDomain.Machine, "0 0 0 0")]
    [InlineData(SharingDomain.User, "0 0 0 1")]
    [InlineData(SharingDomain.None, "0 0 1 2")]
    public void So_are_equal_overlays_whoever_applies_them(SharingDomain domain, string expected)
    {
        using var scene = new Scene(domain: domain);
        var ann = scene.Mapped(scene.Ann);
        scene.Machine.Overlays.Apply(scene.Tool, scene.Ann, scene.Library, s_set);
        scene.Machine.Overlays.Apply(scene.Tool, scene.Bob, scene.Library, s_set);
        var child = (ann.Process.Fork(), ann.Address);
        RequireSharing(scene, [ann, child, scene.Mapped(scene.Ann), scene.Mapped(scene.Bob)], expected);
    }

    [Theory]
    [InlineData(SharingDomain.Machine, 2)]
    [InlineData(SharingDomain.User, 2)]
    [InlineData(SharingDomain.None, 4)]
    public void A_child_that_goes_its_own_way_shares_no_longer_with_nobody(SharingDomain domain, int blocks)
    {
        using var scene = new Scene(domain: domain);
        var ann = scene.Mapped(scene.Ann);
        scene.Machine.TextPoke.Apply(ann.Process, ann.Address, s_set);
        var child = (Process: ann.Process.Fork(), ann.Address);
        scene.Machine.TextPoke.Apply(child.Process, child.Address, Set(Size - 1, "C", "3"));
        scene.Machine.TextPoke.Revert(child.Process, child.Address, Set(Size - 1, "C", "3"));
        scene.Machine.Derived.Shrink(int.MaxValue);
        Assert.Equal(blocks, scene.Machine.Space.Live(BlockKind.Derived));
        Assert.Equal(domain == SharingDomain.None, Beneath(ann) != Beneath(child));
    }

    // Two pages are changed in each domain; the library's own three stay in memory, and its last one is everybody's.
    private static void RequireSharing(Scene scene, (Process Process, long Address)[] mappings, string expected)
    {
        var inodes = mappings.Select(Beneath).Distinct().ToList();
        Assert.Equal(expected, string.Join(' ', mappings.Select(m => inodes.IndexOf(Beneath(m)))));
        Assert.Equal(2 * inodes.Count, scene.Machine.Space.Live(BlockKind.Derived));
        Assert.Equal(inodes, scene.Machine.Derived.All.Select(d => d.Derived));
        Assert.Single(scene.Machine.Derived.Snapshots);

        foreach (var mapping in mappings)
        {
            Assert.Equal("12C", Shown(mapping, 16, 1) + Shown(mapping, P + 16, 1) + Shown(mapping, 2 * P, 1));
        }

        Assert.Equal(3 + (2 * inodes.Count), scene.Machine.Cache.Resident);
        Assert.Equal(mappings.Length, new FrameCensus(scene.Machine).Frames.Max(f => f.Mappers));
    }
}
