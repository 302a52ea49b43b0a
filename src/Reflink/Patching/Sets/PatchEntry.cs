namespace Reflink.Patching.Sets;

/// <summary>One change of a file's bytes: where, what must be there, what shall be there. A view into its <see cref="PatchSet"/>.</summary>
/// <remarks>
/// The old bytes are as long as the new ones: in libjvm all 531 probe sites hold the same first byte, so a check of one byte
/// would accept nearly any file.
/// </remarks>
public readonly ref struct PatchEntry
{
    internal PatchEntry(long offset, ReadOnlySpan<byte> old, ReadOnlySpan<byte> @new, string? name)
    {
        Offset = offset;
        Old = old;
        New = @new;
        Name = name;
    }

    /// <summary>The byte offset in the file, never a virtual address.</summary>
    public long Offset { get; }

    /// <summary>The offset of the first byte behind the entry.</summary>
    public long End => Offset + Old.Length;

    /// <summary>The bytes that must be there before.</summary>
    public ReadOnlySpan<byte> Old { get; }

    /// <summary>The bytes that are there afterwards, as many as <see cref="Old"/>.</summary>
    public ReadOnlySpan<byte> New { get; }

    /// <summary>What people call the site, or null. No part of any identity.</summary>
    public string? Name { get; }

    /// <summary>Whether both change the same bytes in the same way; names do not matter.</summary>
    internal bool ChangesTheSameAs(PatchEntry other) =>
        Offset == other.Offset && Old.SequenceEqual(other.Old) && New.SequenceEqual(other.New);

    /// <summary>The canonical order: by offset, then by content, then by name, a missing name last.</summary>
    internal int CompareTo(PatchEntry other)
    {
        var order = Offset.CompareTo(other.Offset);
        order = order != 0 ? order : Old.SequenceCompareTo(other.Old);
        order = order != 0 ? order : New.SequenceCompareTo(other.New);
        return order != 0 ? order : CompareNames(Name, other.Name);
    }

    /// <inheritdoc/>
    public override string ToString() => Name is null ? $"0x{Offset:x}+{Old.Length}" : $"0x{Offset:x}+{Old.Length} ({Name})";

    private static int CompareNames(string? a, string? b) =>
        a is null || b is null ? (a is null).CompareTo(b is null) : string.CompareOrdinal(a, b);
}
