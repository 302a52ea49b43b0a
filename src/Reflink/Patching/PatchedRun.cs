namespace Reflink.Patching;

/// <summary>Neighbouring pages of a file that a patch set changes, and where their patched bytes lie in another file.</summary>
/// <param name="Pages">The pages of the file.</param>
/// <param name="Offset">The byte offset of the first of them in the file of patched pages.</param>
public readonly record struct PatchedRun(PageRange Pages, long Offset);
