using Reflink.Machines;
using Reflink.Units;
using Reflink.Vm;
using Xunit;

namespace Reflink.Tests.Exercising;

/// <summary>Programs that failed once, as short as they got.</summary>
public class RegressionTests
{
    [Fact]
    public void A_byte_shadowed_in_a_split_mapping_is_reported_once() => Play(WorldKind.All[0], world =>
    {
        world.Write(0, 0, 4 * Page.Size, 2);
        world.Map(2, 8, 3, 0, 0, shared: false, Protection.ReadWrite | Protection.Execute);
        world.Poke(2, 8, [(16, 2, 4)]);
        world.DebugWrite(2, 8, 0, 100, 1);
        world.Protect(2, 9, 1, Protection.ReadWrite);
        world.Revert(2, 8);
    });

    private static void Play(WorldKind kind, Action<World> program)
    {
        using var world = new World(kind);
        program(world);
        Assert.Empty(Fsck.Check(world.Machine));
        world.Finish();
    }
}
