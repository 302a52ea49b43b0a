using System.Runtime.InteropServices;

namespace Reflink.Cache.Policies.Linux;

/// <summary>A leaf of an inode's page tree: 64 pages side by side (struct xa_node, include/linux/xarray.h), in 28 bytes.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
internal struct TreeNode
{
    /// <summary>Its first page, divided by 64.</summary>
    public ulong Key;

    /// <summary>Which pages have a shadow entry.</summary>
    public ulong Shadows;

    // Which pages are in memory; of a node on the list, which has none, its neighbours there.
    private ulong _pages;

    // The node in the same bucket; the highest bit says that this one is on the list of nodes with shadow entries only.
    private uint _next;

    private const uint ListedBit = 1u << 31;

    /// <summary>Which pages are in memory. Only of a node that is not <see cref="Listed"/> may they be set.</summary>
    public ulong Pages
    {
        readonly get => Listed ? 0 : _pages;
        set => _pages = value;
    }

    /// <summary>Whether it is on the list of nodes that hold shadow entries only.</summary>
    public bool Listed
    {
        readonly get => (_next & ListedBit) != 0;
        set => (_next, _pages) = (value ? _next | ListedBit : _next & ~ListedBit, 0);
    }

    /// <summary>The next node in the same bucket; 0: there is none.</summary>
    public int Next
    {
        readonly get => (int)(_next & ~ListedBit);
        set => _next = (_next & ListedBit) | (uint)value;
    }

    /// <summary>The neighbour on the list that came later.</summary>
    public int Newer
    {
        readonly get => (int)(_pages & uint.MaxValue);
        set => _pages = (_pages & ~(ulong)uint.MaxValue) | (uint)value;
    }

    /// <summary>The neighbour on the list that came earlier.</summary>
    public int Older
    {
        readonly get => (int)(_pages >> 32);
        set => _pages = (_pages & uint.MaxValue) | ((ulong)(uint)value << 32);
    }
}
