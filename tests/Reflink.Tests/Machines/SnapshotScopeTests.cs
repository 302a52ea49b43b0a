namespace Reflink.Tests.Machines;

/// <summary>Parts and summaries of a snapshot say nothing that the whole does not say.</summary>
public sealed class SnapshotScopeTests
{
    [Fact]
    public void A_summary_counts_every_frame_and_every_page_once()
    {
        using var machine = Shared();
        var summary = machine.Summary();

        Assert.Equal(machine.Snapshot()["memory"].Rows[0][1], Sum(summary, "frames by kind, owners and mappings", "frames"));
        Assert.Equal(machine.Inodes.All.Sum(i => i.Map.BlockCount), Sum(summary, "extents by kind and owners", "pages"));
        Assert.Equal(2L, Sum(summary, "processes by user", "processes"));
    }

    [Fact]
    public void A_summary_of_many_files_is_short()
    {
        using var machine = Shared();
        for (var i = 0; i < 500; i++)
        {
            using var file = machine.Volume.Create($"/many{i}");
            file.Write(0, [1]);
        }

        Assert.True(machine.Snapshot().ToString().Split('\n').Length > 1000);
        Assert.True(machine.Summary().ToString().Split('\n').Length < 80);
    }

    [Fact]
    public void The_snapshot_of_a_process_has_its_mappings_and_no_others()
    {
        using var machine = Shared();
        var process = machine.Processes.Alive[0];
        var part = machine.SnapshotOf(process);

        Assert.Equal(machine.Snapshot()["mappings"].Rows.Where(r => r[0] is long pid && pid == process.Id.Value), part["mappings"].Rows);
        Assert.Single(part["processes"].Rows);
    }

    [Fact]
    public void The_snapshot_of_a_file_has_the_frames_that_its_clone_read_in()
    {
        using var machine = Shared();

        Assert.Equal(machine.Snapshot()["frames"].Rows.Count(r => r[1]!.ToString()!.StartsWith('s')), machine.SnapshotOf("/file", "/copy")["frames"].Rows.Count);
        Assert.Equal("[0,3)", Assert.Single(machine.SnapshotOf("/copy")["extents"].Rows, r => r[4]!.Equals("copies on write"))[1]);
    }

    [Fact]
    public void A_file_that_does_not_exist_is_named()
    {
        using var machine = Shared();

        Assert.Contains("/none", Assert.Throws<ReflinkException>(() => machine.SnapshotOf("/file", "/none")).Message, StringComparison.Ordinal);
    }

    private static long Sum(Snapshot snapshot, string table, string column) =>
        snapshot[table] is var found ? found.Rows.Sum(r => (long)r[found.Columns.ToList().IndexOf(column)]!) : 0;

    // A file of four pages, a clone that wrote its last page, and two processes that map one each.
    private static Machine Shared()
    {
        var machine = new Machine(new MachineOptions { Memory = 4 << 20 });
        using var file = machine.Volume.Create("/file");
        file.Write(0, new byte[4 * Page.Size]);
        machine.Volume.Clone("/file", "/copy");
        using var copy = machine.Volume.Open("/copy", OpenFlags.ReadWrite);
        copy.Write(3 * Page.Size, "new"u8);
        foreach (var mapped in new[] { file, copy })
        {
            var process = machine.Processes.Spawn(machine.Processes.User(0), "reader");
            var at = process.Memory.Map(mapped, 0, mapped.Size, Protection.ReadWrite);
            process.Memory.Store(at, "private"u8);
            process.Memory.Load<byte>(at + Page.Size);
        }

        Fsck.Require(machine);
        return machine;
    }
}
