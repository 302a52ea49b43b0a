using Reflink.Descriptions.Content;
using Reflink.Descriptions.Pieces;

namespace Reflink.Descriptions;

/// <summary>A file that a description copies from. Its size and its content root identify it; the name is only a hint where to find it.</summary>
/// <param name="Size">Its length in bytes.</param>
/// <param name="Name">Where it was seen, or null.</param>
/// <param name="Root">Its <see cref="ContentRoot"/> in hexadecimal, or null if any file of that size will do.</param>
public sealed record DescribedBase(long Size, string? Name = null, string? Root = null)
{
    /// <summary>Whether both can only be the same version of a file: by their root, or, where none is known, by their name.</summary>
    internal bool IsSameAs(DescribedBase other) =>
        Size == other.Size && Root == other.Root && (Root is not null || (Name is not null && Name == other.Name));

    /// <summary>What is wrong with the base, or null.</summary>
    internal string? Problem() =>
        Size is < 0 or > DescriptionLimits.MaxSize ? $"a base of {Size} bytes is no file"
        : Root is not null && (Root.Length != 2 * ContentRoot.Bytes || !IsLowerHex(Root)) ? $"the root '{Root}' of a base is not {2 * ContentRoot.Bytes} digits of lower-case hexadecimal"
        : Name is not null && !PlainText.IsPlain(Name) ? PlainText.NotPlain("name of a base")
        : null;

    /// <inheritdoc/>
    public override string ToString() => $"'{Name ?? "a file without a name"}' ({Size} bytes{(Root is null ? "" : $", root {Root[..12]}…")})";

    private static bool IsLowerHex(string text) => text.All(c => char.IsAsciiHexDigitLower(c));
}
