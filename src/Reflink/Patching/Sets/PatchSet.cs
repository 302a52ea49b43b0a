using Reflink.Descriptions;
using Reflink.Patching.Sets;

namespace Reflink;

/// <summary>
/// Changes of one file's bytes in canonical form: sorted by offset, no two overlapping, none twice, none that changes nothing.
/// </summary>
/// <remarks>
/// A struct of arrays: the bytes of all entries lie in two pools, so 30,000 entries are a handful of objects.
/// Made by <see cref="PatchSetBuilder"/>; immutable.
/// </remarks>
public sealed class PatchSet
{
    private readonly long[] _offsets;

    /// <summary>Where each entry's bytes begin in both pools; one more than there are entries.</summary>
    private readonly int[] _starts;

    private readonly byte[] _old;
    private readonly byte[] _new;

    /// <summary>Null when no entry has a name.</summary>
    private readonly string?[]? _names;

    private string? _id;
    private long? _pages;

    internal PatchSet(PatchTarget target, string? label, long[] offsets, int[] starts, byte[] old, byte[] @new, string?[]? names)
    {
        Invariant.Check(starts.Length == offsets.Length + 1);
        Invariant.Check(starts[^1] == old.Length);
        Invariant.Check(old.Length == @new.Length);
        Target = target;
        Label = label;
        _offsets = offsets;
        _starts = starts;
        _old = old;
        _new = @new;
        _names = names;
    }

    /// <summary>The set that changes nothing.</summary>
    public static PatchSet Empty { get; } = new PatchSetBuilder().Build();

    /// <summary>The file that the set was made for. No part of the <see cref="Id"/>.</summary>
    public PatchTarget Target { get; }

    /// <summary>What the set is called, <c>GROUP/EVENT</c>, or null. No part of the <see cref="Id"/>.</summary>
    public string? Label { get; }

    /// <summary>
    /// SHA-256 of the changes, in hexadecimal: equal for equal changes, in whatever order they were added, whatever their names
    /// and whichever file they were meant for.
    /// </summary>
    public string Id => _id ??= PatchSetId.Of(this);

    /// <summary>How many entries the set has.</summary>
    public int Count => _offsets.Length;

    /// <summary>Bytes that the set replaces.</summary>
    public int ByteCount => _old.Length;

    /// <summary>The entry of that number, in order of offsets.</summary>
    public PatchEntry this[int index] => new(Offset(index), Old(index), New(index), Name(index));

    /// <summary>The file offset of an entry.</summary>
    public long Offset(int index) => _offsets[index];

    /// <summary>The bytes that must be there before.</summary>
    public ReadOnlySpan<byte> Old(int index) => _old.AsSpan(_starts[index].._starts[index + 1]);

    /// <summary>The bytes that are there afterwards.</summary>
    public ReadOnlySpan<byte> New(int index) => _new.AsSpan(_starts[index].._starts[index + 1]);

    /// <summary>The name of an entry, or null.</summary>
    public string? Name(int index) => _names?[index];

    /// <summary>The set that takes this one out again: the same entries, old and new bytes exchanged.</summary>
    public PatchSet Inverse() => new(Target, Label, _offsets, _starts, _new, _old, _names);

    /// <summary>
    /// The set as a description of the patched file, which insists on the old bytes: the same pages are the same blocks, whether they are made
    /// by the description or by text_poke().
    /// </summary>
    /// <param name="fileSize">The file's length in bytes; that of the target if it is left out.</param>
    /// <exception cref="ReflinkException">EINVAL: the length is not known, or an entry ends behind it.</exception>
    public ChangeDescription ToDescription(long? fileSize = null)
    {
        var size = fileSize ?? Target.FileSize ?? throw new ReflinkException(Errno.EINVAL, "the patch set does not say how long its file is; give the length");
        var builder = new ChangeDescription.Builder(new DescribedBase(size, Target.FileName));
        for (var i = 0; i < Count; i++)
        {
            AddTo(builder, this[i], size);
        }

        return builder.Build();
    }

    /// <summary>Whether any entry has a name.</summary>
    internal bool HasNames => _names is not null;

    /// <summary>The number of the first entry that ends behind an offset; <see cref="Count"/> if none does.</summary>
    /// <param name="offset">The offset.</param>
    /// <param name="from">An entry before which there is none; the search is quick if the one looked for is near it.</param>
    internal int FirstBehind(long offset, int from = 0)
    {
        var (low, high) = (from, Count);
        for (var step = 1; from > 0 && low + step < Count; step *= 2)
        {
            if (EndOf(low + step) > offset)
            {
                high = low + step;
                break;
            }

            low += step;
        }

        while (low < high)
        {
            var middle = (low + high) >>> 1;
            (low, high) = EndOf(middle) > offset ? (low, middle) : (middle + 1, high);
        }

        return low;
    }

    /// <summary>Copies what entries have that follow each other; returns where their bytes begin in this set's pools, one more than there are entries.</summary>
    internal ReadOnlySpan<int> Copy(int first, int count, Span<long> offsets, Span<byte> old, Span<byte> @new)
    {
        var starts = _starts.AsSpan(first, count + 1);
        _offsets.AsSpan(first, count).CopyTo(offsets);
        _old.AsSpan(starts[0]..starts[^1]).CopyTo(old);
        _new.AsSpan(starts[0]..starts[^1]).CopyTo(@new);
        return starts;
    }

    /// <summary>Whether an equal change is in the set.</summary>
    internal bool Has(PatchEntry entry)
    {
        var index = FirstBehind(entry.Offset);
        return index < Count && this[index].ChangesTheSameAs(entry);
    }

    /// <summary>Writes the set's new bytes over those read from the file at an offset.</summary>
    internal void WriteOver(long offset, Span<byte> bytes)
    {
        var end = offset + bytes.Length;
        for (var i = FirstBehind(offset); i < Count && Offset(i) < end; i++)
        {
            var (from, to) = (Math.Max(offset, Offset(i)), Math.Min(end, this[i].End));
            New(i)[(int)(from - Offset(i))..(int)(to - Offset(i))].CopyTo(bytes[(int)(from - offset)..]);
        }
    }

    /// <summary>How many pages of the file the set touches; an entry across a page's end touches both.</summary>
    public long CountPages() => _pages ??= CountedPages();

    /// <inheritdoc/>
    public override string ToString() => $"{(Label is null ? "" : $"{Label}: ")}{Count} {(Count == 1 ? "patch" : "patches")} of {Target.FileName ?? "a file"} ({Id[..12]})";

    // Bytes that stay as they are are expected, but not written: the page is then made of the same pieces as a poked one.
    private static void AddTo(ChangeDescription.Builder builder, in PatchEntry entry, long size)
    {
        if (entry.End > size)
        {
            throw new ReflinkException(Errno.EINVAL, $"patch {entry.ToString()} ends behind the file of {size} bytes; check the file");
        }

        builder.Expect(Precondition.Of(0, entry.Offset, entry.Old, PreconditionKind.Bytes));
        for (var at = 0; at < entry.Old.Length;)
        {
            at += entry.Old[at..].CommonPrefixLength(entry.New[at..]);
            var run = 0;
            while (at + run < entry.Old.Length && entry.Old[at + run] != entry.New[at + run])
            {
                run++;
            }

            builder.Write(entry.Offset + at, entry.New.Slice(at, run));
            at += run;
        }
    }

    private long EndOf(int index) => _offsets[index] + (_starts[index + 1] - _starts[index]);

    private long CountedPages()
    {
        var pages = 0L;
        var last = new PageIndex(-1);
        for (var i = 0; i < Count; i++)
        {
            var entry = this[i];
            var first = PageIndex.Of(entry.Offset);
            var end = PageIndex.Of(entry.End - 1);
            pages += end - first + (first == last ? 0 : 1);
            last = end;
        }

        return pages;
    }
}
