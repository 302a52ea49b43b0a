using Reflink.Tests.Files;
using Reflink.Units;
using Reflink.Vm;

namespace Reflink.Tests.Vm;

/// <summary>Anonymous pages whose bytes are given up, but stay until memory is short (MADV_FREE, mm/madvise.c).</summary>
public sealed class LazyFreeTests : IDisposable
{
    private const int P = Page.Size;
    private Machine _machine = null!;
    private Process _process = null!;

    public void Dispose() => _machine?.Dispose();

    [Theory]
    [InlineData("fifo", 256)]
    [InlineData("linux", 256)]
    [InlineData("mglru", 256)]
    [InlineData("arc", 256)]
    [InlineData("fifo", 0)]
    [InlineData("linux", 0)]
    [InlineData("mglru", 0)]
    public void Pages_that_are_given_up_leave_without_a_write_when_memory_is_short_and_read_as_zeroes_then(string policy, int swap)
    {
        Start(policy, 64, swap);
        var heap = Heap(8);
        _process.Madvise(heap, 8 * P, Advice.Free);
        Assert.Equal((8, 0, 8), (Counter("pglazyfree"), Counter("pglazyfreed"), Counter("nr_anon_pages")));
        Assert.Equal(8 * P, _machine.Smaps().Of(_process).LazyFree);

        Scan(200);
        Assert.Equal((8, 0, 0), (Counter("pglazyfreed"), Counter("pswpout"), Counter("nr_anon_pages")));
        Assert.Equal((0, 0), (_machine.Smaps().Of(_process).LazyFree, _process.MajorFaults));
        Assert.Equal(new byte[8], Bytes(heap, 8));
        Assert.Equal(0, _process.MajorFaults);
        Fsck.Require(_machine);
    }

    [Fact]
    public void A_page_that_is_written_before_it_leaves_keeps_its_bytes_and_the_write_is_no_fault()
    {
        Start("linux", 64, 256);
        var heap = Heap(4);
        _process.Madvise(heap, 4 * P, Advice.Free);
        Assert.Equal([1, 2, 3, 4], Bytes(heap, 4));
        var faults = _process.MinorFaults;
        _process.Memory.Store(heap + P + 1, [9]);
        Assert.Equal(faults, _process.MinorFaults);
        Assert.Equal(3 * P, _machine.Smaps().Of(_process).LazyFree);

        Scan(400);
        Assert.Equal([0, 2, 0, 0], Bytes(heap, 4));
        Assert.Equal(9, _process.Memory.Load<byte>(heap + P + 1));
        Assert.Equal(3, Counter("pglazyfreed"));
        Fsck.Require(_machine);
    }

    [Fact]
    public void A_page_whose_bytes_were_lost_is_lost_again_without_a_write_until_it_is_written()
    {
        Start("fifo", 64, 256);
        var heap = Heap(1);
        _process.Madvise(heap, P, Advice.Free);
        for (var round = 0; round < 3; round++)
        {
            Scan(100);
            Assert.Equal(0, _process.Memory.Load<byte>(heap));
            Assert.Equal((1, 0), (Counter("pglazyfreed"), Counter("pswpout")));
        }

        _process.Memory.Store(heap, [7]);
        Scan(100);
        Assert.Equal((1, 1), (Counter("pglazyfreed"), Counter("pswpout")));
        Assert.Equal(7, _process.Memory.Load<byte>(heap));
        Fsck.Require(_machine);
    }

    [Fact]
    public void Pages_in_swap_become_zeroes_at_once_and_copies_in_swap_are_given_up()
    {
        Start("fifo", 64, 256);
        var heap = Heap(4);
        _process.Madvise(heap, 4 * P, Advice.PageOut);
        Assert.Equal(1, _process.Memory.Load<byte>(heap));
        Assert.Equal((4, 1), (_machine.Cache.SwapPages.Used, Counter("nr_swapcached")));

        _process.Madvise(heap, 4 * P, Advice.Free);
        Assert.Equal((0, 0, 1), (_machine.Cache.SwapPages.Used, Counter("nr_swapcached"), Counter("pglazyfree")));
        Assert.Equal([1, 0, 0, 0], Bytes(heap, 4));
        Assert.Equal(1, Counter("pswpin"));
        Fsck.Require(_machine);
    }

    [Fact]
    public void Pages_that_are_shared_with_a_child_are_left_alone_until_one_of_both_has_ended()
    {
        Start("linux", 64, 256);
        var heap = Heap(2);
        var child = _process.Fork();
        _process.Madvise(heap, 2 * P, Advice.Free);
        Assert.Equal(0, Counter("pglazyfree"));

        child.Exit();
        _process.Madvise(heap, 2 * P, Advice.Free);
        Assert.Equal(2, Counter("pglazyfree"));

        // A child of now shares what is given up, and has it lost with the parent; a copy that one of them writes stays.
        child = _process.Fork();
        _process.Memory.Store(heap + 1, [5]);
        Scan(400);
        Assert.Equal((1, 0), (_process.Memory.Load<byte>(heap), child.Memory.Load<byte>(heap)));
        Assert.Equal((0, 0), (_process.Memory.Load<byte>(heap + P), child.Memory.Load<byte>(heap + P)));
        Fsck.Require(_machine);
    }

    [Fact]
    public void Pages_that_are_merged_after_they_were_given_up_keep_their_bytes()
    {
        Start("fifo", 64, 256);
        var (two, pages) = (Heap(2), 2 * P);
        _process.Memory.Store(two + P, [1]);
        _process.Madvise(two, pages, Advice.Free);
        _process.Madvise(two, pages, Advice.Merge);
        Assert.Equal(2 * P, _machine.Smaps().Of(_process).Ksm);

        Scan(200);
        Assert.Equal([1, 1], Bytes(two, 2));
        Assert.Equal(0, Counter("pglazyfreed"));
        Fsck.Require(_machine);
    }

    [Fact]
    public void A_full_swap_does_not_keep_pages_that_were_given_up()
    {
        Start("linux", 32, 1);
        var heap = Heap(24);
        _process.Madvise(heap, 24 * P, Advice.Free);
        var more = Heap(24);
        Assert.Equal(Enumerable.Range(1, 24).Select(n => (byte)n), Bytes(more, 24));
        Assert.InRange(Counter("pglazyfreed"), 16, 24);
        Fsck.Require(_machine);
    }

    [Fact]
    public void Pages_of_files_and_locked_pages_cannot_be_given_up()
    {
        Start("fifo", 64, 256);
        using var file = _machine.Volume.Open("/f", OpenFlags.ReadWrite);
        foreach (var kind in (MappingKind[])[MappingKind.Private, MappingKind.Shared])
        {
            var text = _process.Memory.Map(file, 0, P, Protection.ReadWrite, kind);
            var refused = Assert.Throws<ReflinkException>(() => _process.Madvise(text, P, Advice.Free));
            Assert.Equal(Errno.EINVAL, refused.Error);
            Assert.Contains("only pages of anonymous memory can be given up", refused.Message, StringComparison.Ordinal);
        }

        var heap = Heap(1);
        _process.Memory.Lock(heap, P);
        Assert.Equal(Errno.EINVAL, Errors.Of(() => _process.Madvise(heap, P, Advice.Free)));
    }

    [Fact]
    public void A_page_that_is_locked_after_it_was_given_up_stays_in_memory()
    {
        Start("linux", 64, 256);
        var heap = Heap(2);
        _process.Madvise(heap, 2 * P, Advice.Free);
        _process.Memory.Protect(heap + P, P, Protection.Read);
        _process.Memory.Lock(heap, 2 * P);
        Scan(400);
        Assert.Equal([1, 2], Bytes(heap, 2));

        _process.Memory.Unlock(heap, 2 * P);
        Scan(400);
        Assert.Equal([1, 0], Bytes(heap, 2));
        Fsck.Require(_machine);
    }

    private void Start(string policy, int frames, int swap)
    {
        _machine = new Machine(new MachineOptions { Memory = frames * P, Swap = swap * P, Policy = policy, Readahead = 0 });
        _process = _machine.Processes.Spawn(_machine.Processes.User(0), "p");
        using var file = _machine.Volume.Create("/f");
        file.Write(0, new byte[100 * P]);
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

    private byte[] Bytes(long address, int pages) => [.. Enumerable.Range(0, pages).Select(page => _process.Memory.Load<byte>(address + (page * P)))];

    private void Scan(int reads)
    {
        using var file = _machine.Volume.Open("/f");
        for (var n = 0; n < reads; n++)
        {
            file.Read(n % 100 * P, new byte[1]);
        }
    }

    private long Counter(string name) => long.Parse(_machine.Control["/proc/vmstat"].Split('\n').Single(line => line.StartsWith($"{name} ", StringComparison.Ordinal))[(name.Length + 1)..]);
}
