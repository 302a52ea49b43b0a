namespace Reflink.Vm;

/// <summary>
/// What /proc/pid/smaps says of a mapping, in bytes and exact; <see cref="PssKiB"/> is what the kernel prints, which cuts the
/// share of every page to 1/4,096 byte and the sum to KiB.
/// </summary>
/// <param name="Rss">Mapped and in memory.</param>
/// <param name="Pss">The same, each page divided by the entries that lead to it.</param>
/// <param name="PssKiB">Pss as the kernel prints it.</param>
/// <param name="SharedClean">Pages with several entries, clean.</param>
/// <param name="SharedDirty">Pages with several entries, dirty.</param>
/// <param name="PrivateClean">Pages with one entry, clean.</param>
/// <param name="PrivateDirty">Pages with one entry, dirty.</param>
/// <param name="Anonymous">Pages that are no file's.</param>
/// <param name="Ksm">Pages that were merged, with others or with the zero page ("KSM:").</param>
/// <param name="Locked">The same as <see cref="Pss"/> of a mapping that is locked, 0 of any other.</param>
/// <param name="LazyFree">Anonymous pages whose bytes are lost when they leave memory ("LazyFree:", <see cref="Advice.Free"/>).</param>
/// <param name="Referenced">Pages that were used through this mapping since their accessed bits were cleared ("Referenced:"). Linux counts those that read() marked as well.</param>
public readonly record struct SmapsEntry(
    long Rss, decimal Pss, long PssKiB, long SharedClean, long SharedDirty, long PrivateClean, long PrivateDirty, long Anonymous, long Ksm = 0, decimal Locked = 0, long LazyFree = 0,
    long Referenced = 0)
{
    /// <summary>Unique set size: what would be freed if the process exited.</summary>
    public long Uss => PrivateClean + PrivateDirty;

    /// <summary>The sums of two.</summary>
    public static SmapsEntry operator +(SmapsEntry a, SmapsEntry b) => new(
        a.Rss + b.Rss, a.Pss + b.Pss, a.PssKiB + b.PssKiB, a.SharedClean + b.SharedClean, a.SharedDirty + b.SharedDirty,
        a.PrivateClean + b.PrivateClean, a.PrivateDirty + b.PrivateDirty, a.Anonymous + b.Anonymous, a.Ksm + b.Ksm, a.Locked + b.Locked, a.LazyFree + b.LazyFree, a.Referenced + b.Referenced);
}
