namespace Reflink.Elf.Tests.Made;

/// <summary>A symbol: a defined function (STT_FUNC) unless it is said otherwise.</summary>
internal sealed record MadeSymbol(string? Name, ulong Address, ulong Size, int Type = 2, bool IsDefined = true);
