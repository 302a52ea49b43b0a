using Reflink.Units;

namespace Reflink.Elf;

/// <summary>Refuses a place inside an instruction: a patch there would make another instruction of what is before it.</summary>
internal static class InstructionStart
{
    /// <summary>Goes through a function up to the place; where bytes are no instruction, nothing is known, and nothing refused.</summary>
    /// <param name="elf">The file.</param>
    /// <param name="text">What users call the place.</param>
    /// <param name="function">Where the function begins.</param>
    /// <param name="place">An address of the function.</param>
    internal static void Check(ElfFile elf, string text, ulong function, ulong place)
    {
        var code = new CodeReader(elf, elf.LoadAt(function)!.Value);
        for (var at = function; at < place;)
        {
            var instruction = code.At(at);
            if (instruction.IsInvalid)
            {
                return;
            }

            var end = at + (ulong)instruction.Length;
            if (end > place)
            {
                throw new ReflinkException(
                    Errno.EINVAL,
                    $"'{text}' in '{elf.Path}' lies inside the instruction at file offset 0x{elf.OffsetOf(at):x}; "
                    + $"take that, or 0x{elf.OffsetOf(place) + (long)(end - place):x}, where the next begins");
            }

            at = end;
        }
    }
}
