using System.Runtime.CompilerServices;

namespace Reflink.Vm;

/// <summary>512 entries, as many as a page table of x86-64 holds. Forked address spaces share it until one writes.</summary>
internal sealed class EntryChunk
{
    public const int Shift = 9;
    public const int Length = 1 << Shift;
    private Entries _entries;

    /// <summary>How many directories hold this chunk.</summary>
    public int Holders { get; set; } = 1;

    public ref Entry this[long page]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref _entries[(int)(page & (Length - 1))];
    }

    public EntryChunk Copy() => new() { _entries = _entries };

    [InlineArray(Length)]
    private struct Entries
    {
        private Entry _first;
    }
}
