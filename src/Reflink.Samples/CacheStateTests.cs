// A snapshot test. It is built and run with the tests of the command; in a project of your own it needs the packages xunit and Reflink.Snapshots.

namespace Reflink.Samples;

/// <summary>What a clone shares is verified as text: when sharing breaks, the difference says which page.</summary>
public sealed class CacheStateTests
{
    /// <summary>The state after a clone and a write to it.</summary>
    [Fact]
    public Task A_write_to_a_clone_copies_one_page()
    {
        using var machine = new Machine(new MachineOptions { Memory = 1 << 20 });
        using var file = machine.Volume.Create("/file");
        file.Write(0, new byte[4 * Page.Size]);
        machine.Volume.Clone("/file", "/clone");
        var before = machine.Snapshot();
        using var clone = machine.Volume.Open("/clone", OpenFlags.ReadWrite);
        clone.Write(Page.Size, "changed"u8);
        return Verify(before, machine.Snapshot());
    }
}
