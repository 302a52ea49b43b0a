using Reflink.Descriptions.Content;

namespace Reflink.Descriptions;

/// <summary>Finds where in another version of a file ranges stand whose bytes or hashes are known: all places of each, up to a few.</summary>
internal sealed class AnchorSearch(ByteSource file)
{
    /// <summary>More places than this make a range useless, so no more are collected.</summary>
    public const int MaxPlaces = 64;

    /// <summary>The places of each range, in ascending order.</summary>
    public IReadOnlyList<IReadOnlyList<long>> Find(IReadOnlyList<Precondition> ranges)
    {
        var bytes = file.ReadAll(null);
        var places = ranges.Select(_ => new List<long>()).ToArray();
        foreach (var sameLength in Enumerable.Range(0, ranges.Count).GroupBy(i => ranges[i].Length))
        {
            FindOf(bytes, (int)sameLength.Key, sameLength.ToLookup(i => SumOf(ranges[i])), ranges, places);
        }

        return places;
    }

    private static uint SumOf(in Precondition range) => range.Kind == PreconditionKind.Bytes
        ? RollingSum.Of(range.Expected.Span)
        : System.Buffers.Binary.BinaryPrimitives.ReadUInt32LittleEndian(range.Expected.Span);

    private static void FindOf(byte[] bytes, int length, ILookup<uint, int> bySum, IReadOnlyList<Precondition> ranges, List<long>[] places)
    {
        if (length > bytes.Length)
        {
            return;
        }

        var sum = new RollingSum(bytes.AsSpan(0, length));
        for (var at = 0; ; at++)
        {
            foreach (var i in bySum[sum.Value])
            {
                if (places[i].Count < MaxPlaces && ranges[i].IsMetBy(bytes.AsSpan(at, length)))
                {
                    places[i].Add(at);
                }
            }

            if (at + length == bytes.Length)
            {
                return;
            }

            sum.Move(bytes[at], bytes[at + length]);
        }
    }
}
