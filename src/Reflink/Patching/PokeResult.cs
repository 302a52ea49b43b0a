namespace Reflink.Patching;

/// <summary>What a poke or a revert did to one mapping.</summary>
/// <param name="Pages">How many pages of the mapping changed.</param>
/// <param name="WasKnown">Whether the derived inode existed already, made by an earlier poke of an equal set.</param>
/// <param name="Shadowed">File offsets of bytes that stayed as they were, because the process or a debugger had changed them.</param>
public sealed record PokeResult(long Pages, bool WasKnown, IReadOnlyList<long> Shadowed)
{
    /// <inheritdoc/>
    public override string ToString() =>
        $"{Pages} pages changed{(WasKnown ? ", known already" : "")}{(Shadowed.Count > 0 ? $", {Shadowed.Count} bytes shadowed" : "")}";
}
