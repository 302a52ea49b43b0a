using Reflink.Patching;
using Reflink.Tests.Files;
using Reflink.Units;
using Reflink.Vm;
using static Reflink.Tests.Patching.Scene;

namespace Reflink.Tests.Patching;

/// <summary>Who may poke into whom, and who pays.</summary>
public sealed class PermissionTests : IDisposable
{
    private static readonly PatchSet s_set = Set(16, "A", "1");
    private static readonly PatchSet s_other = Set(16, "A", "2");
    private readonly Scene _scene = new();
    private readonly (Process Process, long Address) _target;

    public PermissionTests() => _target = _scene.Mapped(_scene.Ann);

    private TextPoke TextPoke => _scene.Machine.TextPoke;

    [Fact]
    public void Another_user_may_do_nothing()
    {
        var bob = _scene.Mapped(_scene.Bob).Process;
        var roots = _scene.Mapped(_scene.Root);
        TextPoke.Apply(_target.Process, _target.Address, s_set);
        var before = _scene.State;
        foreach (var act in Acts(bob, _target))
        {
            Assert.Equal(Errno.EPERM, Errors.Of(act));
        }

        Assert.Equal(Errno.EPERM, Errors.Of(() => TextPoke.Apply(_target.Process, roots.Process, roots.Address, s_set)));
        Assert.Equal(before, _scene.State);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Another_process_of_the_user_and_root_may_and_pay(bool asRoot)
    {
        var by = asRoot ? _scene.Tool : _scene.Machine.Processes.Spawn(_scene.Ann, "tracer");
        TextPoke.Apply(by, _target.Process, _target.Address, s_set);
        Assert.Equal("1", Shown(_target, 16, 1));
        TextPoke.Replace(by, _target.Process, _target.Address, s_set, s_other);
        Assert.Equal("2", Shown(_target, 16, 1));
        TextPoke.Revert(by, _target.Process, _target.Address, s_other);
        Assert.Equal("A", Shown(_target, 16, 1));

        Assert.Equal(3, _scene.Machine.Meter.Of(by.Account, WorkKind.CodeSync));
        Assert.Equal(2, _scene.Machine.Meter.Of(by.Account, WorkKind.PatchApplied));
        Assert.Equal(0, _scene.Machine.Meter.Of(_target.Process.Account, WorkKind.CodeSync));
    }

    [Fact]
    public void The_dead_neither_poke_nor_are_poked()
    {
        var dead = _scene.Mapped(_scene.Ann);
        TextPoke.Apply(dead.Process, dead.Address, s_set);
        dead.Process.Exit();
        TextPoke.Apply(_target.Process, _target.Address, s_set);
        var before = _scene.State;
        foreach (var act in Acts(dead.Process, _target).Concat(Acts(_scene.Tool, dead)))
        {
            Assert.Equal(Errno.ESRCH, Errors.Of(act));
        }

        Assert.Equal(before, _scene.State);
    }

    [Fact]
    public void A_level_is_reverted_and_replaced_once()
    {
        TextPoke.Apply(_target.Process, _target.Address, s_set);
        TextPoke.Apply(_target.Process, _target.Address, Set(20, "A", "3"));
        var before = _scene.State;
        Assert.Equal(Errno.EEXIST, Errors.Of(() => TextPoke.Apply(_target.Process, _target.Address, s_set)));
        Assert.Equal(Errno.EEXIST, Errors.Of(() => TextPoke.Replace(_target.Process, _target.Address, s_set, Set(20, "A", "3"))));
        Assert.Equal(Errno.EINVAL, Errors.Of(() => TextPoke.Replace(_target.Process, _target.Address, s_other, s_set)));
        Assert.Equal(Errno.EINVAL, Errors.Of(() => TextPoke.Revert(_target.Process, _target.Address, s_other)));
        Assert.Equal(Errno.EFAULT, Errors.Of(() => TextPoke.LevelsOf(_target.Process, 0x10000)));
        Assert.Equal(Errno.EFAULT, Errors.Of(() => TextPoke.Revert(_target.Process, 0x10000, s_set)));
        Assert.Equal(before, _scene.State);

        TextPoke.Replace(_target.Process, _target.Address, s_set, s_set);
        TextPoke.Revert(_target.Process, _target.Address, s_set);
        Assert.Equal(Errno.EINVAL, Errors.Of(() => TextPoke.Revert(_target.Process, _target.Address, s_set)));
        Assert.Equal([Set(20, "A", "3").Id], TextPoke.LevelsOf(_target.Process, _target.Address).Select(s => s.Id));
    }

    public void Dispose() => _scene.Dispose();

    private Action[] Acts(Process by, (Process Process, long Address) on) =>
    [
        () => TextPoke.Apply(by, on.Process, on.Address, s_other),
        () => TextPoke.Revert(by, on.Process, on.Address, s_set),
        () => TextPoke.Replace(by, on.Process, on.Address, s_set, s_other),
    ];
}
