using System.Buffers.Binary;

namespace Reflink.Elf;

/// <summary>Turns sites into the patch set that puts a jump on each: <c>jmp rel32</c> over the first five bytes.</summary>
/// <remarks>
/// <para>
/// Whole instructions are replaced, so that the old bytes tell which: a tracer runs them elsewhere, in a trampoline. Trampolines are
/// outside the model; all that counts here is that the jump has the same bytes in every process, or no page could be shared. So
/// each jump goes to its own address plus one distance, the size of the mapped image in whole pages: behind the image, at
/// whatever address it is loaded, lies a slot for each site. Patches do not overlap, so each slot has room for a jump to the trampoline proper.
/// </para>
/// <para>
/// What is left of the last instruction is filled with <c>nop</c>, as the kernel fills it, and not with <c>int3</c>: a debugger or a
/// uprobe would take such a byte for a breakpoint of somebody's. Nothing runs there: no known branch leads inside, and a
/// tracer moves threads that stand there before it writes.
/// </para>
/// </remarks>
public static class JumpPatch
{
    /// <summary>Bytes of the jump.</summary>
    public const int Size = 5;

    /// <summary>The x86-64 instruction <c>jmp rel32</c>.</summary>
    public const byte Opcode = 0xe9;

    private const byte Nop = 0x90;

    /// <summary>Plans a jump for each site.</summary>
    /// <param name="elf">The file.</param>
    /// <param name="sites">Sites of it, in any order; of two that overlap the one with the lower offset stays.</param>
    /// <param name="label">What the set is called, or null; see <see cref="PatchSet.Label"/>.</param>
    /// <exception cref="ReflinkException">ENOEXEC: a table of the file is malformed, or its image is larger than a jump reaches.</exception>
    public static SitePlan Plan(ElfFile elf, IEnumerable<Site> sites, string? label = null)
    {
        ArgumentNullException.ThrowIfNull(elf);
        ArgumentNullException.ThrowIfNull(sites);
        var jump = new byte[Size];
        jump[0] = Opcode;
        BinaryPrimitives.WriteInt32LittleEndian(jump.AsSpan(1), checked((int)Distance(elf)) - Size);
        Site[] ordered = [.. sites.OrderBy(site => site.Offset)];
        var covers = new JumpCover(elf, ordered);
        return new SitePlanner(elf, PatchKind.Jump, label).Plan(ordered, covers.Of, length => Filled(jump, length));
    }

    /// <summary>How far behind its site each jump leads, in bytes.</summary>
    /// <exception cref="ReflinkException">ENOEXEC: the image is larger than a jump reaches.</exception>
    public static long Distance(ElfFile elf)
    {
        ArgumentNullException.ThrowIfNull(elf);
        return elf.Span <= int.MaxValue - Page.Size
            ? ((long)elf.Span + Page.Size - 1) & ~(Page.Size - 1L)
            : throw elf.Image.Bad($"takes {elf.Span} bytes of memory, and a jump over it reaches {int.MaxValue}; take int3");
    }

    private static byte[] Filled(byte[] jump, int length)
    {
        var bytes = new byte[length];
        jump.CopyTo(bytes, 0);
        bytes.AsSpan(Size).Fill(Nop);
        return bytes;
    }
}
