namespace Reflink.Samples;

/// <summary>A file, three clones of it, and a write to one of them: the extents say who shares blocks, the frames who shares memory.</summary>
public static class SharedClones
{
    /// <summary>Runs it.</summary>
    /// <param name="output">Where to print.</param>
    public static void Run(TextWriter output)
    {
        using var machine = new Machine(new MachineOptions { Memory = 1 << 20 });
        using var original = machine.Volume.Create("/original");
        original.Write(0, new byte[8 * Page.Size]);
        foreach (var name in new[] { "/one", "/two", "/three" })
        {
            machine.Volume.Clone("/original", name);    // the time is the same for 8 pages and for 8 million
        }

        output.WriteLine("Four files of eight pages take eight blocks and eight frames:");
        output.WriteLine(machine.SnapshotOf("/original", "/one", "/two", "/three").Only("extents", "frames"));

        using var two = machine.Volume.Open("/two", OpenFlags.ReadWrite);
        var before = machine.Snapshot().Only("extents", "frames");
        two.Write(3 * Page.Size, "changed"u8);
        output.WriteLine("A write to the fourth page of /two gives it a block and a frame of its own, and nobody else notices:");
        output.WriteLine(Snapshot.Diff(before, machine.Snapshot().Only("extents", "frames")));

        // What holds in every state: fsck recounts owners, frames and page tables, and throws if anything is off.
        Fsck.Require(machine);
    }
}
