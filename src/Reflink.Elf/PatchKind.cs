namespace Reflink.Elf;

/// <summary>What is written over a site.</summary>
public enum PatchKind
{
    /// <summary>The one-byte instruction <c>int3</c>; see <see cref="BreakpointPatch"/>.</summary>
    Int3,

    /// <summary>The five-byte instruction <c>jmp rel32</c>; see <see cref="JumpPatch"/>.</summary>
    Jump,
}
