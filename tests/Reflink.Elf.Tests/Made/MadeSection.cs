namespace Reflink.Elf.Tests.Made;

/// <summary>A section with its content; an address of 0 is none.</summary>
internal sealed record MadeSection(string Name, uint Type, ulong Address, byte[] Content)
{
    /// <summary>sh_flags.</summary>
    public ulong Flags { get; init; }
}
