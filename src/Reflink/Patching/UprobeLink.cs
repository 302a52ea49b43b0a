using Reflink.Inodes;

namespace Reflink.Patching;

/// <summary>Probes that were attached together and are detached together (the link of BPF's uprobe_multi).</summary>
public sealed class UprobeLink
{
    internal UprobeLink(Inode file, PatchSet set) => (Inode, Set) = (file, set);

    /// <summary>The file's inode.</summary>
    public InodeNumber File => Inode.Number;

    /// <summary>The breakpoints.</summary>
    public PatchSet Set { get; }

    /// <summary>Whether the link is still attached.</summary>
    public bool IsAttached { get; internal set; } = true;

    internal Inode Inode { get; }

    /// <inheritdoc/>
    public override string ToString() => $"uprobes on inode {File}: {Set}";
}
