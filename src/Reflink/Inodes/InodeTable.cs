using System.Diagnostics.CodeAnalysis;
using Reflink.Space;

namespace Reflink.Inodes;

/// <summary>All inodes of a machine, and the one function that changes them.</summary>
internal sealed class InodeTable(BlockSpace space, NodeReaper reaper)
{
    // A volume's first inode is its root, whose ".." leads to itself.
    private static readonly InodeNumber s_root = new(1);

    /// <summary>The attribute that gives a program capabilities.</summary>
    public const string Capability = "security.capability";

    private readonly Dictionary<InodeNumber, Inode> _inodes = [];
    private long _last;

    /// <summary>The number that the next inode gets.</summary>
    public InodeNumber Next => new(_last + 1);

    /// <summary>The number that was given last; set only to go on after recovery.</summary>
    public InodeNumber Last
    {
        get => new(_last);
        set => _last = Math.Max(_last, value.Value);
    }

    /// <summary>Every inode, by number.</summary>
    public IEnumerable<Inode> All => _inodes.Values.OrderBy(i => i.Number.Value);

    /// <summary>How many inodes there are.</summary>
    public int Count => _inodes.Count;

    /// <summary>The inode of that number; asking for one that is gone is a defect.</summary>
    public Inode this[InodeNumber number] => _inodes[number];

    /// <summary>Looks an inode up.</summary>
    public bool TryFind(InodeNumber number, [NotNullWhen(true)] out Inode? inode) => _inodes.TryGetValue(number, out inode);

    /// <summary>Carries out one change. It must have been checked before: it cannot fail for a user's mistake.</summary>
    public void Apply(in Change change)
    {
        switch (change.Kind)
        {
            case ChangeKind.Create: Create(change); break;
            case ChangeKind.Remove: Remove(change.Inode); break;
            case ChangeKind.Link: Link(change); break;
            case ChangeKind.Unlink: Unlink(change); break;
            case ChangeKind.CloneFrom: Clone(this[change.Other], this[change.Inode]); break;
            default: Apply(this[change.Inode], change); break;
        }
    }

    /// <summary>Carries out a change of one inode, which is at hand: its attributes or its pages. Every write makes one.</summary>
    public void Apply(Inode inode, in Change change)
    {
        switch (change.Kind)
        {
            case ChangeKind.Map: inode.Map.Map(change.Pages.Start, change.Pages.Length, change.Block); break;
            case ChangeKind.Unmap: inode.Map.Unmap(change.Pages); break;
            case ChangeKind.Insert: inode.Map.Insert(change.Pages.Start, change.Pages.Length); break;
            case ChangeKind.Collapse: inode.Map.Collapse(change.Pages); break;
            case ChangeKind.SetTarget: inode.Target = change.Name; break;
            case ChangeKind.SetSize: inode.Size = change.Size; break;
            case ChangeKind.SetOwner: (inode.Mode, inode.Owner) = (change.Mode, change.Owner); break;
            case ChangeKind.SetModified: (inode.ModifiedAt, inode.ChangedAt) = (change.Time, change.SetAt); break;
            case ChangeKind.SetFlags: inode.Flags = change.Flags; break;
            case ChangeKind.SetAttribute: (inode.Attributes ??= new(StringComparer.Ordinal))[change.Name!] = change.Data.ToArray(); break;
            case ChangeKind.RemoveAttribute: Invariant.Check(inode.Attributes!.Remove(change.Name!)); break;
            case ChangeKind.SetAccessed: (inode.Accessed, inode.ChangedAt) = (change.Time, change.SetAt); break;
            case ChangeKind.Modified: Modified(inode, change.Time); break;
            case ChangeKind.AttributesChanged: inode.ChangedAt = change.Time; break;
            default: Invariant.Broken($"unknown change {change.Kind}"); break;
        }

        if (change.Kind is ChangeKind.SetOwner or ChangeKind.SetAttribute or ChangeKind.RemoveAttribute)
        {
            inode.HasPrivileges = (inode.Mode & FileModes.SetIds) != 0 || (inode.Attributes?.ContainsKey(Capability) ?? false);
        }
    }

    // The first of these changes comes when the inode is made.
    private static void Modified(Inode inode, long time)
    {
        inode.ModifiedAt = inode.ChangedAt = time;
        inode.Accessed ??= time;
    }

    private static void Clone(Inode source, Inode target)
    {
        target.Map.Become(source.Map);
        target.Map.DropUnwritten();
        target.ClonedFrom = source.Number;
    }

    private void Create(in Change change)
    {
        Invariant.Check(change.Inode.Value > _last);
        _last = change.Inode.Value;
        var inode = new Inode(change.Inode, change.Type, new ExtentMap(space, reaper));
        inode.Links = inode.IsDirectory ? (inode.Number == s_root ? 2 : 1) : 0;
        inode.Parent = inode.IsDirectory ? inode.Number : default;
        _inodes.Add(inode.Number, inode);
    }

    private void Remove(InodeNumber number)
    {
        var inode = this[number];
        Invariant.Check(inode.Users == 0);
        inode.Map.Clear();
        _inodes.Remove(number);
    }

    // A directory's "." and its children's ".." count as links, as in stat(2)'s st_nlink.
    private void Link(in Change change)
    {
        var (directory, inode) = (this[change.Inode], this[change.Other]);
        directory.Names!.Add(change.Name!, inode.Number);
        inode.Links++;
        if (inode.IsDirectory)
        {
            inode.Parent = directory.Number;
            directory.Links++;
        }
    }

    private void Unlink(in Change change)
    {
        var directory = this[change.Inode];
        Invariant.Check(directory.Names!.Remove(change.Name!, out var number));
        var inode = this[number];
        inode.Links--;
        if (inode.IsDirectory)
        {
            directory.Links--;
        }
    }
}
