using System.Runtime.CompilerServices;

namespace Reflink.IO.Abstractions.Calls;

/// <summary>
/// Who has which file of a volume open, and shares it or not. The rules are those of flock(2), which FileStream uses on Linux: FileShare.None locks out all others, everything
/// else shares with all that share, and neither stops deleting or renaming. All filesystems over one volume see the same locks.
/// </summary>
internal sealed class FileLocks
{
    private const int Exclusive = -1;

    private static readonly ConditionalWeakTable<Volume, FileLocks> s_all = [];

    // How many streams share the file, or Exclusive.
    private readonly Dictionary<InodeNumber, int> _holders = [];

    /// <summary>The locks of a volume.</summary>
    public static FileLocks Of(Volume volume) => s_all.GetOrCreateValue(volume);

    /// <summary>Takes a lock, if others allow it.</summary>
    public bool TryTake(InodeNumber file, FileShare share)
    {
        var holders = _holders.GetValueOrDefault(file);
        if (holders == Exclusive || (holders > 0 && share == FileShare.None))
        {
            return false;
        }

        _holders[file] = share == FileShare.None ? Exclusive : holders + 1;
        return true;
    }

    /// <summary>Gives a lock back.</summary>
    public void Release(InodeNumber file)
    {
        if (_holders[file] is Exclusive or 1)
        {
            _holders.Remove(file);
        }
        else
        {
            _holders[file]--;
        }
    }
}
