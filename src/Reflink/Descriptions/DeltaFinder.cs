using System.Buffers.Binary;
using Reflink.Descriptions.Content;

namespace Reflink.Descriptions;

/// <summary>
/// Says one file by copies from others and by what is left. As long as both go on alike, bytes are compared at the distance of the last copy,
/// also behind bytes that differ; where they do not, every window of 32 bytes is looked up in an index of the bases (Tridgell and
/// Mackerras, The rsync algorithm, 1996; MacDonald, xdelta, 2000), and what is found is extended at both sides.
/// </summary>
internal sealed class DeltaFinder
{
    // Fewer equal bytes at the distance of the last copy cost more as a piece than as data.
    private const int MinResumed = sizeof(ulong);

    private readonly byte[] _from;
    private readonly byte[] _to;
    private readonly long[] _ends;
    private readonly ChangeDescription.Builder _builder;
    private BlockIndex? _index;

    /// <param name="bases">The files to copy from, in the order of the builder's bases.</param>
    /// <param name="to">The file to be described.</param>
    /// <param name="builder">Where the pieces are appended; it is empty.</param>
    public DeltaFinder(IReadOnlyList<byte[]> bases, byte[] to, ChangeDescription.Builder builder)
    {
        _from = bases.Count == 1 ? bases[0] : [.. bases.SelectMany(b => b)];
        _to = to;
        _builder = builder;
        _ends = new long[bases.Count];
        for (var i = 0; i < bases.Count; i++)
        {
            _ends[i] = (i == 0 ? 0 : _ends[i - 1]) + bases[i].Length;
        }
    }

    /// <summary>Appends all pieces.</summary>
    public void Run(IProgress<long>? progress)
    {
        var (at, literal, distance) = (0, 0, 0L);
        var told = 0;
        while (at < _to.Length)
        {
            var found = Resume(at, distance);
            if (found == 0 && Search(ref at, literal, distance, out var place))
            {
                distance = place - at;
                found = Resume(at, distance);
            }

            if (found > 0)
            {
                _builder.Append(_to.AsSpan(literal, at - literal));
                Copy(at + distance, found);
                at += found;
                literal = at;
            }

            if (at - told >= 1 << 20)
            {
                told = at;
                progress?.Report(at);
            }
        }

        _builder.Append(_to.AsSpan(literal));
    }

    // How many bytes are equal at that distance; 0 if too few are.
    private int Resume(int at, long distance)
    {
        var place = at + distance;
        if (place < 0 || place > _from.Length - MinResumed || at > _to.Length - MinResumed
            || BinaryPrimitives.ReadUInt64LittleEndian(_from.AsSpan((int)place)) != BinaryPrimitives.ReadUInt64LittleEndian(_to.AsSpan(at)))
        {
            return IsLastOfBoth(at, place) ? _to.Length - at : 0;
        }

        return _to.AsSpan(at).CommonPrefixLength(_from.AsSpan((int)place));
    }

    // The last few bytes of both files.
    private bool IsLastOfBoth(int at, long place) =>
        place >= 0 && _from.Length - place == _to.Length - at && _to.AsSpan(at).SequenceEqual(_from.AsSpan((int)place));

    /// <summary>Goes on from a byte to the first that is found somewhere, or that goes on at the distance of the last copy.</summary>
    private bool Search(ref int at, int literal, long distance, out long place)
    {
        place = 0;
        if (_to.Length - at < BlockIndex.Block || _from.Length < BlockIndex.Block)
        {
            at++;
            return false;
        }

        _index ??= new BlockIndex(_from);
        var sum = new RollingSum(_to.AsSpan(at, BlockIndex.Block));
        while (true)
        {
            var found = _index.Find(sum.Value, _to.AsSpan(at, BlockIndex.Block));
            if (found >= 0)
            {
                var back = 0;
                while (at - back > literal && found - back > 0 && _to[at - back - 1] == _from[found - back - 1])
                {
                    back++;
                }

                at -= back;
                place = found - back;
                return true;
            }

            if (at + 1 + BlockIndex.Block > _to.Length)
            {
                at++;
                return false;
            }

            sum.Move(_to[at], _to[at + BlockIndex.Block]);
            at++;
            if (Resume(at, distance) > 0)
            {
                return false;
            }
        }
    }

    // What is found may reach from one base into the next.
    private void Copy(long place, long length)
    {
        while (length > 0)
        {
            var file = Array.FindIndex(_ends, e => e > place);
            var start = file == 0 ? 0 : _ends[file - 1];
            var taken = Math.Min(length, _ends[file] - place);
            _builder.CloneRange(file, place - start, taken, _builder.Size);
            (place, length) = (place + taken, length - taken);
        }
    }
}
