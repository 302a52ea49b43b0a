using System.Globalization;

namespace Reflink.Studies.Traces.Calls;

// How long a file is, as far as the calls so far tell.
internal sealed class FileLength
{
    private long _least;
    private bool _isKnown;

    /// <summary>Where a call that appends writes, and whether that is certain.</summary>
    public (long Offset, bool IsKnown) End => (_least, _isKnown);

    public void Is(long length) => (_least, _isKnown) = (length, true);

    /// <summary>The same, from what stat gave: st_size=7, or stx_size=7.</summary>
    public void IsSaidIn(ReadOnlySpan<char> stat)
    {
        var at = stat.IndexOf("_size=");
        var digits = at < 0 ? [] : stat[(at + "_size=".Length)..];
        var end = digits.IndexOfAnyExceptInRange('0', '9');
        if (long.TryParse(end < 0 ? digits : digits[..end], NumberStyles.None, CultureInfo.InvariantCulture, out var length))
        {
            Is(length);
        }
    }

    public void ReachesTo(long end) => _least = Math.Max(_least, end);

    /// <summary>A read got fewer bytes than it asked for: there were no more.</summary>
    public void EndsAfter(long offset, long got)
    {
        if (got > 0 || offset == _least)
        {
            Is(offset + got);
        }
    }
}
