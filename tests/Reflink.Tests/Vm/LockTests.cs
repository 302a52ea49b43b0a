using Reflink.Units;
using Reflink.Vm;

namespace Reflink.Tests.Vm;

/// <summary>Locked pages stay in memory, and nothing else does (mm/mlock.c).</summary>
public sealed class LockTests : IDisposable
{
    private const int P = Page.Size;
    private const Protection Both = Protection.ReadWrite;
    private Machine _machine = null!;
    private Process _process = null!;

    public void Dispose() => _machine?.Dispose();

    [Theory]
    [InlineData("fifo")]
    [InlineData("lru")]
    [InlineData("arc")]
    [InlineData("linux")]
    [InlineData("mglru")]
    public void Locked_pages_of_files_and_of_memory_survive_any_pressure(string policy)
    {
        Start(policy);
        var (text, heap) = (MapFile(4), _process.Memory.MapAnonymous(4 * P, Both));
        _process.Memory.Lock(text, 4 * P);
        _process.Memory.Lock(heap, 4 * P);
        Assert.Equal((8, 8), (Counter("nr_mlock"), Counter("nr_unevictable")));
        Assert.Equal(8 * P, _machine.Smaps().Of(_process).Locked);

        var faults = _process.MinorFaults + _process.MajorFaults;
        Press();
        Touch(text, 4);
        Touch(heap, 4);
        Assert.Equal(faults, _process.MinorFaults + _process.MajorFaults);
        Assert.Equal(8, Counter("nr_mlock"));

        _process.Memory.Unlock(text, 4 * P);
        _process.Memory.Unlock(heap, 4 * P);
        Assert.Equal(0, Counter("nr_mlock"));
        Assert.Equal(0, _machine.Smaps().Of(_process).Locked);
        Press();
        Touch(text, 4);
        Touch(heap, 4);
        Assert.Equal(faults + 8, _process.MinorFaults + _process.MajorFaults);
        Assert.Empty(Fsck.Check(_machine));
    }

    [Theory]
    [InlineData("fifo")]
    [InlineData("linux")]
    [InlineData("mglru")]
    public void Pages_that_are_locked_on_fault_are_not_brought_in_and_stay_once_they_are_there(string policy)
    {
        Start(policy);
        var (text, heap) = (MapFile(4), _process.Memory.MapAnonymous(4 * P, Both));
        _process.Memory.Store(heap, [1]);
        Touch(text, 1);
        _process.Memory.LockOnFault(text, 4 * P);
        _process.Memory.LockOnFault(heap, 4 * P);
        Assert.Equal(2, Counter("nr_mlock"));
        Assert.Equal(2 * P, _machine.Smaps().Of(_process).Locked);

        Press();
        _process.Memory.Store(heap + P, [2]);
        Touch(text + (2 * P), 1);
        Press();
        Assert.Equal(4, Counter("nr_mlock"));
        var faults = _process.MinorFaults + _process.MajorFaults;
        Assert.Equal((1, 2), (_process.Memory.Load<byte>(heap), _process.Memory.Load<byte>(heap + P)));
        Touch(text, 1);
        Touch(text + (2 * P), 1);
        Assert.Equal(faults, _process.MinorFaults + _process.MajorFaults);
        Assert.Empty(Fsck.Check(_machine));

        // Locking them in full brings the others in; unlocking takes both marks away.
        _process.Memory.Lock(heap, 4 * P);
        Assert.Equal((6, false), (Counter("nr_mlock"), _process.Memory.Find(heap)!.IsLockedOnFault));
        _process.Memory.LockOnFault(heap + P, P);
        Assert.True(_process.Memory.Find(heap + P)!.IsLockedOnFault);
        Assert.False(_process.Memory.Find(heap)!.IsLockedOnFault);
        _process.Memory.UnlockAll();
        Assert.Equal((0, 4), (Counter("nr_mlock"), _process.Memory.Find(heap)!.Length));
        Assert.Empty(Fsck.Check(_machine));
    }

    [Fact]
    public void All_mappings_and_new_ones_are_locked_on_fault_and_a_child_is_not()
    {
        Start("fifo");
        var old = _process.Memory.MapAnonymous(4 * P, Both);
        _process.Memory.Store(old, [1]);
        _process.Memory.LockAll(LockScope.Current | LockScope.Future | LockScope.OnFault);
        var made = _process.Memory.MapAnonymous(4 * P, Both);
        Assert.Equal(1, Counter("nr_mlock"));
        _process.Memory.Store(made, [2]);
        _process.Memory.Store(old + P, [3]);
        Assert.Equal(3, Counter("nr_mlock"));
        Assert.True(_process.Memory.Find(made)!.IsLockedOnFault);
        Assert.False(_process.Fork().Memory.Find(made)!.IsLockedOnFault);

        var refused = Assert.Throws<ReflinkException>(() => _process.Memory.LockAll(LockScope.OnFault));
        Assert.Equal(Errno.EINVAL, refused.Error);
        Assert.Equal(Errno.ENOMEM, Assert.Throws<ReflinkException>(() => _process.Memory.LockOnFault(made - P, 2 * P)).Error);
        _process.Memory.UnlockAll();
        Assert.Equal(0, Counter("nr_mlock"));
        Assert.Empty(Fsck.Check(_machine));
    }

    [Fact]
    public void More_than_memory_cannot_be_locked_and_unlocking_gives_it_back()
    {
        Start("linux");
        var heap = _process.Memory.MapAnonymous(64 * P, Both);
        var refused = Assert.Throws<ReflinkException>(() => _process.Memory.Lock(heap, 64 * P));
        Assert.Equal(Errno.EAGAIN, refused.Error);
        Assert.Contains("locked", refused.Message, StringComparison.Ordinal);
        Assert.Equal(32, Counter("nr_mlock"));
        Assert.Empty(Fsck.Check(_machine));

        _process.Memory.UnlockAll();
        Press();
        Assert.Equal(0, Counter("nr_mlock"));
    }

    [Fact]
    public void A_child_inherits_no_lock_and_the_old_page_may_leave_when_the_parent_copied_it()
    {
        Start("fifo");
        var heap = _process.Memory.MapAnonymous(4 * P, Both);
        _process.Memory.Lock(heap, 4 * P);
        var child = _process.Fork();
        Assert.False(child.Memory.Find(heap)!.IsLocked);
        for (var page = 0; page < 4; page++)
        {
            _process.Memory.Store(heap + (page * P), [7]);
        }

        Press();
        Assert.Equal(4, Counter("nr_mlock"));
        Assert.Empty(Fsck.Check(_machine));
        var major = child.MajorFaults;
        Assert.Equal(0, child.Memory.Load<byte>(heap));
        Assert.Equal(major + 1, child.MajorFaults);
        Assert.Equal(7, _process.Memory.Load<byte>(heap));
    }

    [Fact]
    public void A_page_that_two_processes_lock_stays_until_the_second_gives_it_up()
    {
        Start("fifo");
        var other = _machine.Processes.Spawn(_machine.Processes.User(0), "other");
        using var file = _machine.Volume.Open("/f");
        var (one, two) = (_process.Memory.Map(file, 0, P, Protection.Read), other.Memory.Map(file, 0, P, Protection.Read));
        _process.Memory.Lock(one, P);
        other.Memory.Lock(two, P);
        Assert.Equal(1, Counter("nr_mlock"));

        _process.Memory.Unlock(one, P);
        Assert.Equal(1, Counter("nr_mlock"));
        other.Exit();
        Assert.Equal(0, Counter("nr_mlock"));
        Assert.Empty(Fsck.Check(_machine));
    }

    [Fact]
    public void Locking_a_part_splits_the_mapping_and_unlocking_it_makes_it_one()
    {
        Start("fifo");
        var heap = _process.Memory.MapAnonymous(4 * P, Both);
        _process.Memory.Store(heap, [1]);
        _process.Memory.Lock(heap + P + 1, P);
        Assert.Equal([false, true, false], _process.Memory.Mappings.Select(v => v.IsLocked));
        Assert.Equal([1L, 2L, 1L], _process.Memory.Mappings.Select(v => v.Length));

        _process.Memory.Unlock(heap, 4 * P);
        Assert.Single(_process.Memory.Mappings);
        Assert.Equal(0, Counter("nr_mlock"));
    }

    [Fact]
    public void All_mappings_are_locked_those_of_now_and_those_to_come()
    {
        Start("fifo");
        var text = MapFile(2);
        Assert.Equal(Errno.EINVAL, Assert.Throws<ReflinkException>(() => _process.Memory.LockAll(LockScope.None)).Error);
        _process.Memory.LockAll(LockScope.Current);
        Assert.Equal(2, Counter("nr_mlock"));

        _ = _process.Memory.MapAnonymous(3 * P, Both);
        Assert.Equal(2, Counter("nr_mlock"));
        _process.Memory.LockAll(LockScope.Current | LockScope.Future);
        var heap = _process.Memory.MapAnonymous(4 * P, Both);
        Assert.Equal(9, Counter("nr_mlock"));
        heap = _process.Memory.Remap(heap, 4 * P, 6 * P);
        Assert.Equal(11, Counter("nr_mlock"));

        _process.Memory.Unmap(heap, 6 * P);
        Assert.Equal(5, Counter("nr_mlock"));
        _process.Exec("other");
        Assert.Equal(0, Counter("nr_mlock"));
        _ = _process.Memory.MapAnonymous(P, Both);
        Assert.False(_process.Memory.Mappings[0].IsLocked);
        Assert.True(text > 0);
    }

    [Fact]
    public void What_cannot_be_faulted_in_is_ENOMEM_and_the_mapping_is_locked_all_the_same()
    {
        Start("fifo");
        var none = _process.Memory.MapAnonymous(P, Protection.None);
        Assert.Equal(Errno.ENOMEM, Assert.Throws<ReflinkException>(() => _process.Memory.Lock(none, P)).Error);
        Assert.True(_process.Memory.Find(none)!.IsLocked);
        Assert.Equal(Errno.ENOMEM, Assert.Throws<ReflinkException>(() => _process.Memory.Lock(none - (2 * P), P)).Error);

        var text = MapFile(4);
        using var file = _machine.Volume.Open("/f", OpenFlags.ReadWrite);
        file.Truncate(2 * P);
        Assert.Equal(Errno.ENOMEM, Assert.Throws<ReflinkException>(() => _process.Memory.Lock(text, 4 * P)).Error);
        Assert.Equal(2, Counter("nr_mlock"));
        file.Truncate(0);
        Assert.Equal(0, Counter("nr_mlock"));
        Assert.Empty(Fsck.Check(_machine));
    }

    [Theory]
    [InlineData(Advice.DontNeed)]
    [InlineData(Advice.Cold)]
    [InlineData(Advice.PageOut)]
    public void Advice_that_would_take_locked_pages_away_is_refused(Advice advice)
    {
        Start("linux");
        var heap = _process.Memory.MapAnonymous(2 * P, Both);
        _process.Memory.Lock(heap + P, P);
        Assert.Equal(Errno.EINVAL, Assert.Throws<ReflinkException>(() => _process.Madvise(heap, 2 * P, advice)).Error);
        _process.Madvise(heap, P, advice);
        Assert.Equal(1, Counter("nr_mlock"));
    }

    private void Start(string policy)
    {
        _machine = new Machine(new MachineOptions { Memory = 32 * P, Swap = 256 * P, Policy = policy, Readahead = 0 });
        _process = _machine.Processes.Spawn(_machine.Processes.User(0), "p");
        using var file = _machine.Volume.Create("/f");
        file.Write(0, new byte[4 * P].Select(_ => (byte)1).ToArray());
        using var big = _machine.Volume.Create("/big");
        big.Write(0, new byte[100 * P]);
    }

    private long MapFile(int pages)
    {
        using var file = _machine.Volume.Open("/f");
        return _process.Memory.Map(file, 0, pages * P, Protection.Read);
    }

    // Files and memory of others, three times as much as there is.
    private void Press()
    {
        var other = _machine.Processes.Spawn(_machine.Processes.User(0), "other");
        var heap = other.Memory.MapAnonymous(100 * P, Both);
        using var big = _machine.Volume.Open("/big");
        for (var page = 0; page < 100; page++)
        {
            other.Memory.Store(heap + (page * P), [1]);
            big.Read((long)page * P, new byte[1]);
        }

        other.Exit();
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
