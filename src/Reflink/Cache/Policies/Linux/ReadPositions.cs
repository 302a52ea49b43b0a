using System.Runtime.CompilerServices;

namespace Reflink.Cache.Policies.Linux;

/// <summary>
/// Where the last read of each open file ended: reading on in the same folio is no second use of it (filemap_read, mm/filemap.c). Every
/// open file of an inode is taken to be the same one.
/// </summary>
internal readonly struct ReadPositions
{
    private const int Files = 64;
    private readonly ulong[] _previous;

    public ReadPositions()
    {
        _previous = new ulong[Files];
        _previous.AsSpan().Fill(ulong.MaxValue);
    }

    /// <summary>Notes a read, and says whether the read before it was of another folio.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Move(ulong key, byte order)
    {
        ref var previous = ref _previous[PageKeys.Inode(key) & (Files - 1)];
        if (previous >> order == key >> order)
        {
            return false;
        }

        previous = key;
        return true;
    }
}
