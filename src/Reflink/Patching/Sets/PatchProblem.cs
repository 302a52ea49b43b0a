namespace Reflink.Patching.Sets;

/// <summary>Why one entry of a patch set cannot be applied.</summary>
/// <param name="Index">The entry's place in the set, from 0.</param>
/// <param name="Offset">The entry's file offset.</param>
/// <param name="Name">The entry's name, if it has one.</param>
/// <param name="Reason">What is wrong with it.</param>
public readonly record struct PatchProblem(int Index, long Offset, string? Name, string Reason)
{
    /// <inheritdoc/>
    public override string ToString() => Name is null ? $"0x{Offset:x}: {Reason}" : $"0x{Offset:x} ({Name}): {Reason}";
}
