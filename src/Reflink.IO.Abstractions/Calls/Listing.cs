using System.IO.Enumeration;

namespace Reflink.IO.Abstractions.Calls;

/// <summary>
/// Lists directories as System.IO does: patterns, options, and directories below, level by level. Names come in ordinal order. That the directory is there is checked at
/// once, and each directory is read when its entries are asked for.
/// </summary>
internal sealed class Listing
{
    private readonly VolumeCalls _calls;
    private readonly string _given;
    private readonly string _root;
    private readonly string _pattern;
    private readonly EnumerationOptions _options;
    private readonly EntryKinds _kinds;

    private Listing(VolumeCalls calls, string given, string root, string pattern, EnumerationOptions options, EntryKinds kinds)
    {
        (_calls, _given, _root, _pattern, _options, _kinds) = (calls, given, Path.TrimEndingDirectorySeparator(root), pattern, options, kinds);
    }

    /// <summary>The options of methods that take none: all entries of one directory, with DOS patterns.</summary>
    public static EnumerationOptions Compatible { get; } = new() { MatchType = MatchType.Win32, AttributesToSkip = 0, IgnoreInaccessible = false };

    /// <summary>The options that a search option means.</summary>
    public static EnumerationOptions Of(SearchOption option) => option switch
    {
        SearchOption.TopDirectoryOnly => Compatible,
        SearchOption.AllDirectories => new() { MatchType = MatchType.Win32, AttributesToSkip = 0, IgnoreInaccessible = false, RecurseSubdirectories = true },
        _ => throw new ArgumentOutOfRangeException(nameof(option), option, "A search is of the top directory only, or of all directories."),
    };

    /// <summary>The entries of a directory.</summary>
    /// <param name="calls">The volume.</param>
    /// <param name="directory">The directory as the program wrote it.</param>
    /// <param name="toFull">Makes a full path of it.</param>
    /// <param name="pattern">Which names are meant; directories may stand before the last slash.</param>
    /// <param name="options">How they are searched.</param>
    /// <param name="kinds">Which entries are meant.</param>
    public static IEnumerable<Entry> Of(
        VolumeCalls calls, string directory, Func<string, string> toFull, string pattern, EnumerationOptions options, EntryKinds kinds)
    {
        ArgumentNullException.ThrowIfNull(directory);
        ArgumentNullException.ThrowIfNull(pattern);
        ArgumentNullException.ThrowIfNull(options);
        if (Path.IsPathRooted(pattern))
        {
            throw new ArgumentException($"The pattern '{pattern}' is an absolute path; write one that begins in '{directory}'.", nameof(pattern));
        }

        RequireNoNul(pattern, nameof(pattern));
        RequireNoNul(directory, nameof(directory));
        if (Path.GetDirectoryName(pattern) is { Length: > 0 } below)
        {
            (directory, pattern) = (Path.Join(directory, below), pattern[(below.Length + 1)..]);
        }

        var listing = new Listing(calls, directory, toFull(directory), Translate(pattern, options.MatchType), options, kinds);
        _ = listing.Read(listing._root, Errno.EIO);
        return listing.All();
    }

    private IEnumerable<Entry> All()
    {
        var open = new Queue<(string Path, int Depth)>([(_root, _options.MaxRecursionDepth)]);
        while (open.TryDequeue(out var next))
        {
            // A directory below may have gone since its name was read; the first one may not.
            foreach (var name in Read(next.Path, next.Path == _root ? Errno.EIO : Errno.ENOENT))
            {
                var full = Path.Join(next.Path, name);
                var isSpecial = name is "." or "..";
                if (_calls.Find(full) is not { } status || (!isSpecial && IsSkipped(status, name)))
                {
                    continue;
                }

                if (status.IsDirectory && !isSpecial && _options.RecurseSubdirectories && next.Depth > 0)
                {
                    open.Enqueue((full, next.Depth - 1));
                }

                if (IsOfKind(status) && IsMatch(name))
                {
                    yield return new(Given(next.Path, name), full, status);
                }
            }
        }
    }

    private IEnumerable<string> Read(string path, Errno ignored)
    {
        try
        {
            var names = _calls.Volume.List(path).Select(n => n.Name);
            return _options.ReturnSpecialDirectories ? names.Prepend("..").Prepend(".") : names;
        }
        catch (ReflinkException e) when (e.Error == ignored || (ignored == Errno.ENOENT && e.Error == Errno.ENOTDIR))
        {
            return [];
        }
        catch (ReflinkException e)
        {
            throw IoErrors.Of(e, path, Blame.Directory);
        }
    }

    private bool IsSkipped(EntryStatus status, string name) => (status.AttributesOf(name) & _options.AttributesToSkip & ~FileAttributes.Normal) != 0;

    private bool IsOfKind(EntryStatus status) => _kinds switch
    {
        EntryKinds.Files => !status.IsDirectory,
        EntryKinds.Directories => status.IsDirectory,
        _ => true,
    };

    private bool IsMatch(string name)
    {
        var ignoresCase = _options.MatchCasing == MatchCasing.CaseInsensitive;
        return _options.MatchType == MatchType.Simple
            ? FileSystemName.MatchesSimpleExpression(_pattern, name, ignoresCase)
            : FileSystemName.MatchesWin32Expression(_pattern, name, ignoresCase);
    }

    // What was found below the directory, behind the directory as it was written.
    private string Given(string path, string name)
    {
        var below = path[_root.Length..];
        if (Path.EndsInDirectorySeparator(_given) && below.StartsWith('/'))
        {
            below = below[1..];
        }

        return Path.Join(_given, below, name);
    }

    // DOS had wildcards of its own (", <, >), which are ordinary characters on Linux.
    private static string Translate(string pattern, MatchType type) => type switch
    {
        MatchType.Simple => pattern,
        MatchType.Win32 when pattern is "" or "." or "*.*" or "*" => "*",
        MatchType.Win32 => FileSystemName.TranslateWin32Expression(
            string.Concat(pattern.Select(c => c is '\\' or '"' or '<' or '>' ? $"\\{c}" : c.ToString()))),
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "A pattern is Simple or Win32."),
    };

    private static void RequireNoNul(string text, string name)
    {
        if (text.Contains('\0', StringComparison.Ordinal))
        {
            throw new ArgumentException($"'{text.Replace("\0", "\\0", StringComparison.Ordinal)}' holds a NUL, which no path has.", name);
        }
    }
}
