using Reflink.Ksm;
using Reflink.Ksm.Controls;
using Reflink.Ksm.Partitions;
using Reflink.Ksm.Scanning;
using Reflink.Units;

namespace Reflink.Tests.Exercising;

/// <content>Partitions: synchronous and scanned ones, and such as lie in them and inherit or not.</content>
internal sealed partial class World
{
    private static readonly (string Name, KsmOpenFlags How)[] s_partitions =
    [
        ("red", KsmOpenFlags.Synchronous),
        ("red/in", KsmOpenFlags.Synchronous | KsmOpenFlags.Inherit),
        ("red/in/deep", KsmOpenFlags.Inherit),
        ("red/apart", KsmOpenFlags.Synchronous),
        ("blue", default),
        ("blue/in", KsmOpenFlags.Inherit),
    ];

    private readonly List<KsmDescriptor> _descriptors = [];

    public void OpenPartition(int which, bool exclusive, int most)
    {
        var (name, how) = s_partitions[which % s_partitions.Length];
        var parent = name.LastIndexOf('/') is var slash and > 0 ? name[..slash] : null;
        Errno? expected = Partition(name) is not null ? exclusive ? Errno.EEXIST : null : parent is not null && Partition(parent) is null ? Errno.ENOENT : null;
        _notes?.Add($"open partition {name}{Attempted(expected)}");
        var flags = KsmOpenFlags.ReadWrite | KsmOpenFlags.Create | how | (exclusive ? KsmOpenFlags.Exclusive : 0);
        var isNew = Partition(name) is null;
        if (Try(expected, () => _descriptors.Add(Machine.Ksm.Open(name, flags))) && isNew)
        {
            (_descriptors[^1].Partition.Tunables.SmartScan, _descriptors[^1].Partition.Tunables.MaxPageSharing) = (false, most);
        }
    }

    public void ClosePartition(int which)
    {
        if (_descriptors.Count > 0)
        {
            var descriptor = _descriptors[which % _descriptors.Count];
            _notes?.Add($"close {descriptor.Partition}");
            descriptor.Dispose();
            _descriptors.Remove(descriptor);
        }
    }

    public void RemovePartition(int which, bool force)
    {
        var name = s_partitions[which % s_partitions.Length].Name;
        var partition = Partition(name);
        var hasMembers = _memory.Any(pages => pages.Any(p => p?.Partition == name));
        Errno? expected = partition is null ? Errno.ENOENT
            : Machine.Ksm.Partitions.Any(p => p.Parent == partition) || (!force && (hasMembers || partition.Opens > 0)) ? Errno.EBUSY : null;
        _notes?.Add($"remove partition {name}{(force ? " by force" : "")}{Attempted(expected)}");
        var done = Try(expected, () => Machine.Control["/sys/kernel/mm/ksm/control/remove_partition"] = name + (force ? " force" : ""));
        if (done)
        {
            ForEachPage((_, _, page) => page.Partition = page.Partition == name ? null : page.Partition);
        }

        LookAgain(done, expected);
    }

    /// <summary>Takes a range into a partition, which merges it at once or when its scanner comes by.</summary>
    public void Join(int process, int slot, int pages, int which, MergeFlags flags)
    {
        if (_descriptors.Count == 0)
        {
            return;
        }

        var descriptor = _descriptors[which % _descriptors.Count];
        var name = descriptor.Partition.Name;
        var expected = descriptor.Partition.IsRemoved ? Errno.EBADF
            : PrivateIn(process, slot, pages).Any(p => p.Partition is not (null or "" or Requested) && p.Partition != name) ? Errno.EBUSY
            : ExpectedOf(process, slot, pages);
        _notes?.Add($"p{process}: {pages} pages at {slot} join {name}, {flags}{Attempted(expected)}");
        var done = Counted(MergeForm.Joined, () => Try(expected, () => descriptor.Merge(_processes[process], AddressOf(slot), Bytes(pages), flags)));
        foreach (var page in expected is Errno.EBADF or Errno.EBUSY ? [] : PrivateIn(process, slot, pages))
        {
            page.Partition = name;
        }

        LookAgain(done, expected);
    }

    public void Part(int process, int slot, int pages, int which)
    {
        if (_descriptors.Count == 0)
        {
            return;
        }

        var descriptor = _descriptors[which % _descriptors.Count];
        var name = descriptor.Partition.Name;
        var expected = descriptor.Partition.IsRemoved ? Errno.EBADF : ExpectedOf(process, slot, pages);
        _notes?.Add($"p{process}: {pages} pages at {slot} leave {name}{Attempted(expected)}");
        var done = Try(expected, () => descriptor.Unmerge(_processes[process], AddressOf(slot), Bytes(pages)));
        foreach (var page in PrivateIn(process, slot, pages).Where(p => expected != Errno.EBADF && p.Partition == name))
        {
            page.Partition = null;
        }

        LookAgain(done, expected);
    }

    /// <summary>Scans a partition to the end of its pass, or has its scanner run when time passes; a synchronous one is brought up to date.</summary>
    public void PassPartition(int which, bool run)
    {
        if (Machine.Ksm.Partitions.Count == 0)
        {
            return;
        }

        var partition = Machine.Ksm.Partitions.ElementAt(which % Machine.Ksm.Partitions.Count);
        _notes?.Add($"{(run ? "run" : "pass over")} {partition}");
        if (run && partition.IsScanned)
        {
            Machine.Control[$"/sys/kernel/mm/ksm/partition/{partition.Name}/run"] = "1";
        }
        else
        {
            Counted(MergeForm.PartitionPassed, () => Try(partition.IsScanned ? null : Errno.EINVAL, () => partition.Pass()));
        }

        Require(partition.Counters.RmapItems >= partition.Counters.PagesShared, "more pages are merged than are remembered");
    }

    private MergePartition? Partition(string name) => Machine.Ksm.Partitions.FirstOrDefault(p => p.Name == name);

    private void FinishMerging()
    {
        _pins.ForEach(p => p.Pin.Dispose());
        _pins.Clear();
        while (_descriptors.Count > 0)
        {
            ClosePartition(0);
        }

        Require(Machine.Ksm.Partitions.Count == 0, "partitions outlive all users");

        // The first may only end the pass that is going on.
        Machine.Ksm.Pass();
        Machine.Ksm.Pass();
        foreach (var counters in (KsmCounters[])[Machine.Ksm.Counters, Machine.Ksm.Requested.Counters])
        {
            Require((counters.PagesShared, counters.PagesSharing, counters.PagesUnshared, counters.RmapItems, counters.ZeroPages) == default, $"nobody is there, and {counters}");
        }
    }
}
