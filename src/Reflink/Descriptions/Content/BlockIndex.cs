using System.Numerics;

namespace Reflink.Descriptions.Content;

/// <summary>
/// Where each aligned block of 32 bytes occurs first in a file, by its rolling checksum: what rsync and xdelta look up for every
/// window of the other file.
/// </summary>
internal sealed class BlockIndex
{
    /// <summary>How long a block is.</summary>
    public const int Block = 32;

    // The number of a block plus one, at a place that its checksum says; the places behind it are tried if that is taken.
    private readonly int[] _places;
    private readonly byte[] _bytes;
    private readonly int _shift;

    /// <summary>Reads the file once.</summary>
    public BlockIndex(byte[] bytes)
    {
        _bytes = bytes;
        var blocks = bytes.Length / Block;
        var bits = Math.Max(4, BitOperations.Log2((uint)blocks + 1) + 2);
        _places = new int[1 << bits];
        _shift = 32 - bits;
        for (var i = 0; i < blocks; i++)
        {
            Add(i);
        }
    }

    /// <summary>Where a window's bytes stand in the file, at the first of the aligned places; -1 if at none.</summary>
    public int Find(uint sum, ReadOnlySpan<byte> window)
    {
        for (var place = PlaceOf(sum); _places[place] != 0; place = (place + 1) & (_places.Length - 1))
        {
            var at = (_places[place] - 1) * Block;
            if (_bytes.AsSpan(at, Block).SequenceEqual(window))
            {
                return at;
            }
        }

        return -1;
    }

    private void Add(int block)
    {
        var window = _bytes.AsSpan(block * Block, Block);
        var place = PlaceOf(RollingSum.Of(window));
        for (; _places[place] != 0; place = (place + 1) & (_places.Length - 1))
        {
            if (_bytes.AsSpan((_places[place] - 1) * Block, Block).SequenceEqual(window))
            {
                return;
            }
        }

        _places[place] = block + 1;
    }

    private int PlaceOf(uint sum) => (int)(unchecked(sum * 0x9E3779B1U) >> _shift);
}
