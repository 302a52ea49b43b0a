using System.Text;
using Reflink.Ksm.Scanning;
using Reflink.Vm;

namespace Reflink.Ksm.Partitions;

/// <summary>The partitions by name, which form a hierarchy as directories do.</summary>
internal sealed class PartitionTable(PartitionMaker maker, Unmerger unmerger)
{
    /// <summary>Names have fewer bytes than this.</summary>
    public const int NameLimit = 128;

    private readonly SortedDictionary<string, MergePartition> _partitions = new(StringComparer.Ordinal);

    /// <summary>All partitions but the machine's own, by name.</summary>
    public IReadOnlyCollection<MergePartition> All => _partitions.Values;

    public MergePartition? Find(string name) => _partitions.GetValueOrDefault(name);

    /// <exception cref="ReflinkException">EINVAL, ENAMETOOLONG, ENOENT (the partition that it would lie in), EEXIST.</exception>
    public MergePartition Add(string name, User owner, UnixFileMode mode, KsmOpenFlags flags)
    {
        CheckName(name);
        if (_partitions.ContainsKey(name))
        {
            throw new ReflinkException(Errno.EEXIST, $"there is a partition '{name}' already");
        }

        var parent = ParentOf(name);
        if ((flags & KsmOpenFlags.Inherit) != 0 && parent is null)
        {
            throw new ReflinkException(Errno.EINVAL, $"partition '{name}' lies in no other, so there is nothing to inherit");
        }

        var partition = maker.Make(name, parent, owner, mode, flags);
        _partitions.Add(name, partition);
        return partition;
    }

    /// <exception cref="ReflinkException">ENOENT; EBUSY: open, with members, or with partitions in it.</exception>
    public void Remove(string name)
    {
        var partition = FindLeaf(name);
        if (partition.Opens > 0 || partition.Members.Any())
        {
            throw new ReflinkException(
                Errno.EBUSY, $"{partition} is open {partition.Opens} times and has {partition.Members.Count()} members; unmerge and close, or write 'force' behind the name");
        }

        Remove(partition);
    }

    /// <summary>Removes a partition even if it is open or has members, whose pages are unmerged.</summary>
    /// <exception cref="ReflinkException">ENOENT; EBUSY: other partitions lie in it.</exception>
    public void RemoveWithMembers(string name) => Remove(FindLeaf(name));

    /// <summary>Removes the partitions that nobody uses any more, those that lie in others first.</summary>
    public void DropUnused()
    {
        foreach (var partition in _partitions.Values.Reverse().ToList())
        {
            if (partition.Opens == 0 && !partition.IsPermanent && !partition.Members.Any() && !_partitions.Values.Any(p => p.Parent == partition))
            {
                partition.IsRemoved = true;
                _partitions.Remove(partition.Name);
            }
        }
    }

    private MergePartition FindLeaf(string name)
    {
        var partition = Find(name) ?? throw Missing(name);
        return _partitions.Values.FirstOrDefault(p => p.Parent == partition) is { } child
            ? throw new ReflinkException(Errno.EBUSY, $"{child} lies in {partition}; remove it first")
            : partition;
    }

    // Unmerges the members of a partition; they belong to none afterwards.
    private void Remove(MergePartition partition)
    {
        foreach (var process in partition.Members.ToList())
        {
            foreach (var vma in process.Memory.Mappings.Where(v => v.Merging == partition.Domain).ToList())
            {
                unmerger.Separate(process, vma, vma.Range);
                process.Memory.SetMerging(vma, vma.Range, null);
            }
        }

        partition.IsRemoved = true;
        _partitions.Remove(partition.Name);
    }

    public static ReflinkException Missing(string name) =>
        new(Errno.ENOENT, $"there is no partition '{name}'; open it with KsmOpenFlags.Create, or write its name to add_partition");

    private MergePartition? ParentOf(string name)
    {
        var slash = name.LastIndexOf('/');
        return slash < 0 ? null : Find(name[..slash]) ?? throw Missing(name[..slash]);
    }

    private static void CheckName(string name)
    {
        if (Encoding.UTF8.GetByteCount(name) >= NameLimit)
        {
            throw new ReflinkException(Errno.ENAMETOOLONG, $"a partition's name has fewer than {NameLimit} bytes, '{name[..16]}…' has more");
        }

        if (name.Split('/').Any(part => part is "" or "." or ".." || part.Any(char.IsWhiteSpace)))
        {
            throw new ReflinkException(Errno.EINVAL, $"'{name}' is no partition's name: it is made of words, joined by '/' where one lies in another");
        }
    }
}
