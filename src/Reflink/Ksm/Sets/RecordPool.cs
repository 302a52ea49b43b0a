using System.Runtime.CompilerServices;

namespace Reflink.Ksm.Sets;

/// <summary>
/// Records by number, in chunks that are never moved: growing allocates one chunk and copies nothing. The record that was freed
/// last is reused first. Number 0 is no record.
/// </summary>
internal sealed class RecordPool<T>
    where T : struct
{
    private const int Shift = 10;
    private const int ChunkLength = 1 << Shift;
    private T[][] _chunks = [new T[ChunkLength]];
    private int[] _free = new int[16];
    private int _freeCount;
    private int _next = 1;

    /// <summary>Records in use.</summary>
    public int Count => _next - 1 - _freeCount;

    /// <summary>The largest number that was ever taken.</summary>
    public int Largest => _next - 1;

    /// <summary>Bytes that the pool holds.</summary>
    public long Bytes => (_chunks.LongCount(c => c is not null) * ChunkLength * Unsafe.SizeOf<T>()) + (_free.Length * sizeof(int));

    /// <summary>The record of that number.</summary>
    public ref T this[int number]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref _chunks[number >> Shift][number & (ChunkLength - 1)];
    }

    /// <summary>Takes a cleared record.</summary>
    public int Take()
    {
        if (_freeCount > 0)
        {
            var again = _free[--_freeCount];
            this[again] = default;
            return again;
        }

        var number = _next++;
        var chunk = number >> Shift;
        if (chunk == _chunks.Length)
        {
            Array.Resize(ref _chunks, chunk * 2);
        }

        _chunks[chunk] ??= new T[ChunkLength];
        return number;
    }

    /// <summary>Frees a record.</summary>
    public void Free(int number)
    {
        if (_freeCount == _free.Length)
        {
            Array.Resize(ref _free, _freeCount * 2);
        }

        _free[_freeCount++] = number;
    }
}
