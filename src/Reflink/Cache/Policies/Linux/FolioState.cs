using System.Runtime.InteropServices;

namespace Reflink.Cache.Policies.Linux;

/// <summary>What reclaim keeps of a folio: 20 bytes, by its first frame.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
internal struct FolioState
{
    public int Newer;
    public int Older;

    /// <summary>Its first page (<see cref="PageKeys"/>).</summary>
    public ulong Key;

    public FolioFlags Flags;

    /// <summary>It has 2^Order pages.</summary>
    public byte Order;

    /// <summary>How many pages it has.</summary>
    public readonly int Pages => 1 << Order;

    /// <summary>Whether the pages are a file's.</summary>
    public readonly FolioKind Kind => Has(FolioFlags.Anonymous) ? FolioKind.Anonymous : FolioKind.File;

    /// <summary>Whether a flag is set.</summary>
    public readonly bool Has(FolioFlags flag) => (Flags & flag) != 0;
}
