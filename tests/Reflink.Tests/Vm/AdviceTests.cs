using Reflink.Units;
using Reflink.Vm;

namespace Reflink.Tests.Vm;

/// <summary>Advice about what is used, and when (mm/madvise.c).</summary>
public sealed class AdviceTests : IDisposable
{
    private const int P = Page.Size;
    private Machine _machine = null!;
    private Process _process = null!;

    public void Dispose() => _machine?.Dispose();

    [Fact]
    public void Anonymous_pages_go_to_swap_when_told_to_and_come_back_when_needed()
    {
        Start("fifo", 64);
        var heap = Heap(4);
        _process.Madvise(heap, 3 * P, Advice.PageOut);
        Assert.Equal((3, 1), (Counter("pswpout"), Counter("nr_anon_pages")));

        _process.Madvise(heap, 2 * P, Advice.WillNeed);
        Assert.Equal((2, 3), (Counter("pswpin"), Counter("nr_anon_pages")));
        Assert.Equal(0, _process.MajorFaults);
        Assert.Equal((1, 2, 3), (_process.Memory.Load<byte>(heap), _process.Memory.Load<byte>(heap + P), _process.Memory.Load<byte>(heap + (2 * P))));
        Assert.Equal(1, _process.MajorFaults);
        Assert.Empty(Fsck.Check(_machine));
    }

    [Fact]
    public void Pages_that_others_map_and_dirty_pages_of_files_stay_when_told_to_leave()
    {
        Start("linux", 64);
        var heap = Heap(2);
        var child = _process.Fork();
        child.Memory.Store(heap, [9]);
        _process.Madvise(heap, 2 * P, Advice.PageOut);
        Assert.Equal((1, 2), (Counter("pswpout"), Counter("nr_anon_pages")));

        using var file = _machine.Volume.Open("/f", OpenFlags.ReadWrite);
        var text = _process.Memory.Map(file, 0, 4 * P, Protection.ReadWrite, MappingKind.Shared);
        Touch(text, 4);
        _process.Memory.Store(text, [5]);
        var files = Counter("nr_file_pages");
        _process.Madvise(text, 4 * P, Advice.PageOut);
        Assert.Equal((files - 3, 1), (Counter("nr_file_pages"), Counter("nr_dirty")));
        Assert.Empty(Fsck.Check(_machine));
    }

    [Theory]
    [InlineData("linux")]
    [InlineData("mglru")]
    public void Pages_that_were_told_to_leave_are_refaults_when_they_come_back_and_reclaim_never_looked_at_them(string policy)
    {
        Start(policy, 64);
        var heap = Heap(4);
        using var file = _machine.Volume.Open("/f");
        var text = _process.Memory.Map(file, 0, 4 * P, Protection.Read);
        Touch(text, 4);
        _process.Madvise(heap, 4 * P, Advice.PageOut);
        _process.Madvise(text, 4 * P, Advice.PageOut);
        Assert.Equal((0, 0), (Counter("nr_anon_pages"), Counter("nr_file_pages")));

        Touch(heap, 4);
        Touch(text, 4);
        Assert.Equal((4, 4), (Counter("workingset_refault_anon"), Counter("workingset_refault_file")));
        Assert.Equal((0, 0), (Counter("pgscan_anon"), Counter("pgscan_file")));
        Assert.Empty(Fsck.Check(_machine));

        // Given up, a page leaves nothing that could come back.
        _process.Madvise(heap, 4 * P, Advice.Free);
        _process.Madvise(heap, 4 * P, Advice.PageOut);
        Touch(heap, 4);
        Assert.Equal(4, Counter("workingset_refault_anon"));
    }

    [Fact]
    public void Pages_of_a_file_that_will_be_needed_are_read_at_once_and_their_faults_are_minor()
    {
        Start("fifo", 64);
        using var file = _machine.Volume.Open("/f");
        var text = _process.Memory.Map(file, 0, 8 * P, Protection.Read);
        _process.Madvise(text + P, 3 * P, Advice.WillNeed);
        Assert.Equal((3, 12), (Counter("nr_file_pages"), Counter("pgpgin")));
        Assert.Equal(0, Counter("nr_mapped"));

        Touch(text, 5);
        Assert.Equal((3, 2), (_process.MinorFaults, _process.MajorFaults));
    }

    [Fact]
    public void Cold_pages_become_inactive()
    {
        Start("linux", 128);
        using var file = _machine.Volume.Open("/f");
        for (var n = 0; n < 80; n++)
        {
            file.Read(n % 40 * P, new byte[1]);
        }

        var text = _process.Memory.Map(file, 0, 40 * P, Protection.Read);
        Touch(text, 40);
        _process.Madvise(text, 40 * P, Advice.Cold);
        Assert.Equal((0, 40, 40), (Counter("nr_active_file"), Counter("nr_inactive_file"), Counter("pgdeactivate")));
        Assert.Empty(Fsck.Check(_machine));
    }

    [Fact]
    public void An_expected_order_is_kept_by_mappings_which_are_split_and_made_one()
    {
        Start("fifo", 64);
        var heap = Heap(4);
        _process.Madvise(heap + P, P, Advice.Random);
        Assert.Equal([Advice.Normal, Advice.Random, Advice.Normal], _process.Memory.Mappings.Select(v => v.Pattern));
        _process.Madvise(heap + (2 * P), 2 * P, Advice.Random);
        Assert.Equal([1L, 3L], _process.Memory.Mappings.Select(v => v.Length));
        Assert.Equal(Advice.Random, _process.Fork().Memory.Find(heap + P)!.Pattern);
        _process.Madvise(heap, 4 * P, Advice.Normal);
        Assert.Single(_process.Memory.Mappings);
    }

    // The kernel, too, keeps no page of such mappings for having been used (vma_has_recency).
    [Theory]
    [InlineData(Advice.Normal, 8, 8)]
    [InlineData(Advice.Random, 100, 1000)]
    [InlineData(Advice.Sequential, 100, 1000)]
    public void Hot_pages_stay_beside_a_scan_unless_an_order_without_reuse_is_expected(Advice advice, int least, int most)
    {
        Start("linux", 128);
        using var file = _machine.Volume.Open("/f");
        var hot = _process.Memory.Map(file, 0, 8 * P, Protection.Read);
        _process.Madvise(hot, 8 * P, advice);
        using var scanned = _machine.Volume.Create("/big");
        scanned.Write(0, new byte[500 * P]);
        for (var n = 0; n < 5000; n++)
        {
            _ = _process.Memory.Load<byte>(hot + (n % 8 * P));
            scanned.Read(n % 500 * P, new byte[1]);
        }

        Assert.InRange(_process.MajorFaults, least, most);
    }

    private void Start(string policy, int frames)
    {
        _machine = new Machine(new MachineOptions { Memory = frames * P, Swap = 256 * P, Policy = policy, Readahead = 0 });
        _process = _machine.Processes.Spawn(_machine.Processes.User(0), "p");
        using var file = _machine.Volume.Create("/f");
        file.Write(0, [.. Enumerable.Range(0, 40 * P).Select(n => (byte)1)]);
        _machine.DropCaches();
    }

    // Every page holds its number, plus 1.
    private long Heap(int pages)
    {
        var heap = _process.Memory.MapAnonymous(pages * P, Protection.ReadWrite);
        for (var page = 0; page < pages; page++)
        {
            _process.Memory.Store(heap + (page * P), [(byte)(page + 1)]);
        }

        return heap;
    }

    private void Touch(long address, int pages)
    {
        for (var page = 0; page < pages; page++)
        {
            _ = _process.Memory.Load<byte>(address + (page * P));
        }
    }

    private long Counter(string name) => long.Parse(_machine.Control["/proc/vmstat"].Split('\n').Single(line => line.StartsWith($"{name} ", StringComparison.Ordinal))[(name.Length + 1)..]);
}
