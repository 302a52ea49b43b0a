namespace Reflink.Fidelity.Filesystems;

/// <summary>Walks a file by SEEK_DATA and SEEK_HOLE.</summary>
public static class DataRanges
{
    /// <summary>The ranges between data and hole, in order.</summary>
    /// <param name="size">The file's size in bytes.</param>
    /// <param name="data">SEEK_DATA from an offset; less than 0 if there is none.</param>
    /// <param name="hole">SEEK_HOLE from an offset.</param>
    public static IReadOnlyList<(long From, long To)> Of(long size, Func<long, long> data, Func<long, long> hole)
    {
        List<(long From, long To)> ranges = [];
        for (var at = 0L; at < size;)
        {
            var from = data(at);
            if (from < 0)
            {
                break;
            }

            at = hole(from);
            ranges.Add((from, at));
        }

        return ranges;
    }
}
