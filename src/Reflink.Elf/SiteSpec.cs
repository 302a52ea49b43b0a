using Reflink.Units;

namespace Reflink.Elf;

/// <summary>A file and perhaps a place in it, as users type them: <c>PATH</c>, <c>PATH:PLACE</c>, <c>PATH@BUILDID:PLACE</c>.</summary>
/// <param name="Path">The file, which exists.</param>
/// <param name="BuildId">The beginning of its build-id as it was typed, in lower case, or null.</param>
/// <param name="Place">The place, or null for the whole file.</param>
public sealed record SiteSpec(string Path, string? BuildId, SitePlace? Place)
{
    /// <summary>Digits of a build-id that must be given: fewer would fit by chance.</summary>
    public const int FewestDigits = 6;

    /// <summary>
    /// Takes apart what was typed. A path may hold colons and at-signs itself: of the beginnings of the text that name a file the longest is it.
    /// </summary>
    /// <exception cref="ReflinkException">ENOENT: no beginning names a file. EINVAL: what follows names no place, or the build-id is too short.</exception>
    public static SiteSpec Parse(string text)
    {
        ArgumentException.ThrowIfNullOrEmpty(text);
        for (var end = text.Length; end > 0; end = text.LastIndexOf(':', end - 1))
        {
            if (FileOf(text[..end]) is var (path, buildId))
            {
                return new(path, buildId, end == text.Length ? null : SitePlace.Parse(text[(end + 1)..]));
            }
        }

        throw new ReflinkException(
            Errno.ENOENT, $"'{Shortest(text)}' does not exist; name an executable or a shared library{(text.Contains(':', StringComparison.Ordinal) ? ", as PATH:PLACE" : "")}");
    }

    /// <summary>Reads the file, which must be the build that was asked for.</summary>
    /// <exception cref="ReflinkException">EINVAL: it is another build; both ids are named. Or what <see cref="ElfFile.Open"/> throws.</exception>
    public ElfFile Open()
    {
        var elf = ElfFile.Open(Path);
        CheckBuild(elf);
        return elf;
    }

    /// <summary>Whether a file is the build that was asked for.</summary>
    /// <exception cref="ReflinkException">EINVAL: it is another one; both ids are named.</exception>
    public void CheckBuild(ElfFile elf)
    {
        ArgumentNullException.ThrowIfNull(elf);
        if (BuildId is not null && elf.BuildId?.StartsWith(BuildId, StringComparison.Ordinal) != true)
        {
            throw new ReflinkException(
                Errno.EINVAL, $"'{Path}' has build-id {elf.BuildId ?? "none"}, and {BuildId} was asked for; name the file of that build, or leave '@{BuildId}' out");
        }
    }

    /// <summary>The file that a text names, with or without a build-id behind it, or null.</summary>
    private static (string Path, string? BuildId)? FileOf(string text)
    {
        if (IsThere(text))
        {
            return (text, null);
        }

        var at = text.LastIndexOf('@');
        if (at <= 0 || at == text.Length - 1 || !IsHex(text[(at + 1)..]) || !IsThere(text[..at]))
        {
            return null;
        }

        return text.Length - at - 1 >= FewestDigits ? (text[..at], text[(at + 1)..].ToLowerInvariant()) : throw new ReflinkException(
            Errno.EINVAL, $"'{text[(at + 1)..]}' is too little of a build-id for '{text[..at]}'; give {FewestDigits} digits or more");
    }

    /// <summary>A directory is there too: reading it says what it is.</summary>
    private static bool IsThere(string path) => File.Exists(path) || Directory.Exists(path);

    private static bool IsHex(string text) => text.All(char.IsAsciiHexDigit);

    private static string Shortest(string text)
    {
        var path = text.Split(':')[0];
        var at = path.LastIndexOf('@');
        return at > 0 && at < path.Length - 1 && IsHex(path[(at + 1)..]) ? path[..at] : path;
    }
}
