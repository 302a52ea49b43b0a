using System.IO.Enumeration;
using Reflink.Units;

namespace Reflink.Elf;

/// <summary>A name as users type it: <c>*</c> is any text, <c>?</c> any character.</summary>
internal static class NamePattern
{
    /// <summary>Whether the pattern can mean more than one name.</summary>
    internal static bool IsGlob(string pattern) => pattern.AsSpan().ContainsAny('*', '?');

    internal static bool Matches(string pattern, string name) =>
        IsGlob(pattern) ? FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false) : pattern == name;

    /// <summary>Says that there is no such name, and which are nearest.</summary>
    /// <param name="elf">Where it was looked for.</param>
    /// <param name="what">What was looked for: "probe", "function".</param>
    /// <param name="pattern">What was typed.</param>
    /// <param name="names">All names of the file.</param>
    internal static ReflinkException NotFound(ElfFile elf, string what, string pattern, IReadOnlyCollection<string> names)
    {
        var nearest = NearestNames.Of(pattern.Replace("*", "", StringComparison.Ordinal), names);
        return new(
            Errno.ENOENT,
            $"there is no {what} '{pattern}' in '{elf.Path}'; "
            + (names.Count == 0 ? $"it has no {what} with a name at all, give 0xFILEOFFSET or name another file"
                : nearest.Count == 0 ? $"none of its {names.Count} names is like it, 'reflink sites' lists them"
                : $"the nearest {(nearest.Count == 1 ? "is" : "are")} {string.Join(", ", nearest)}"));
    }
}
