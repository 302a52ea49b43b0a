using Reflink.Patching.Levels;
using Reflink.Tests.Patching;
using Reflink.Tests.Stories;
using Reflink.Vm;
using static Reflink.Tests.Patching.Scene;

namespace Reflink.Tests.Machines;

/// <summary>Fsck sees a mapping that shows something else than its levels say.</summary>
public sealed class LevelAuditTests : IDisposable
{
    private readonly Scene _scene = new();
    private readonly (Process Process, long Address) _one;
    private readonly (Process Process, long Address) _other;

    public LevelAuditTests()
    {
        (_one, _other) = (_scene.Mapped(_scene.Ann), _scene.Mapped(_scene.Ann));
        _scene.Machine.TextPoke.Apply(_one.Process, _one.Address, Tale.Breakpoints(16));
        _scene.Machine.TextPoke.Apply(_other.Process, _other.Address, Tale.Breakpoints(16, P + 16));
    }

    private Vma Vma => _one.Process.Memory.Find(_one.Address)!;

    [Fact]
    public void The_file_in_spite_of_levels_and_a_derived_inode_without()
    {
        var (shown, levels) = (Vma.Base!, Vma.Levels);
        RequireFinding($"of {Vma.File} shows {Vma.File}, and over it lies {levels}", Vma.File!, levels);
        RequireFinding($"of {Vma.File} shows {shown}, and over it lies nothing", shown, null);
        Put(shown, levels);
    }

    [Fact]
    public void A_derived_inode_of_other_levels()
    {
        var (shown, levels) = (Vma.Base!, Vma.Levels);
        RequireFinding("is not that of", Beneath(_other), levels);
        Put(shown, levels);
    }

    [Fact]
    public void A_snapshot_of_the_root_which_no_registry_hands_out()
    {
        var (shown, levels) = (Vma.Base!, Vma.Levels);
        RequireFinding("which the registry does not have from", _scene.Machine.Derived.Snapshots.Single().Snapshot, levels);
        Put(shown, levels);
    }

    [Fact]
    public void An_overlay_that_is_not_the_users()
    {
        var (shown, levels) = (Vma.Base!, Vma.Levels);
        RequireFinding("has another overlay than ann's", shown, PatchLevels.None.WithOverlay([Tale.Breakpoints(16)]));
        Put(shown, levels);
    }

    [Fact]
    public void Levels_of_which_one_does_not_fit()
    {
        var (shown, levels) = (Vma.Base!, Vma.Levels);
        RequireFinding("does not fit the levels below", shown, PatchLevels.None.Push(Tale.Breakpoints(16)).Push(Set(16, "B", "x")));
        Put(shown, levels);
    }

    public void Dispose() => _scene.Dispose();

    private void RequireFinding(string expected, Reflink.Inodes.Inode shown, IMappingLevels? levels)
    {
        Put(shown, levels);
        Assert.Contains(Fsck.Check(_scene.Machine), f => f.Contains(expected, StringComparison.Ordinal));
    }

    private void Put(Reflink.Inodes.Inode shown, IMappingLevels? levels) => _one.Process.Memory.Rebind(Vma, shown, levels);
}
