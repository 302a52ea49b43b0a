using System.Globalization;
using System.Text;

namespace Reflink.Store.Disks;

/// <summary>The names of a store's files, and what its manifest says.</summary>
internal static class StoreFiles
{
    /// <summary>The file that names the store that owns the folder. The store that writes holds a lock on it.</summary>
    public const string Manifest = "reflink-store";

    /// <summary>What the manifest says, twice, of a folder whose store outlasts its process.</summary>
    public const string DurableManifest = "Reflink volume store, version 1\n";

    /// <summary>Which commit was the last.</summary>
    public const string Commits = "commits";

    private const string PagePrefix = "pages";
    private const string JournalPrefix = "journal";

    /// <summary>The file of a segment of the page log.</summary>
    public static string Pages(int segment) => $"{PagePrefix}.{segment}";

    /// <summary>The file of a journal.</summary>
    public static string Journal(int number) => $"{JournalPrefix}.{number}";

    /// <summary>The number of a segment's file; -1 of any other.</summary>
    public static int SegmentOf(string name) => NumberOf(name, PagePrefix);

    /// <summary>The number of a journal's file; -1 of any other.</summary>
    public static int JournalOf(string name) => NumberOf(name, JournalPrefix);

    /// <summary>Whether a store may have a file of that name.</summary>
    public static bool IsOne(string name) => name == Commits || SegmentOf(name) >= 0 || JournalOf(name) >= 0;

    /// <summary>What the manifest of a durable store is worth.</summary>
    public static ManifestState StateOf(IDisk disk)
    {
        var said = Read(disk);
        return said == DurableManifest + DurableManifest ? ManifestState.Whole
            : said.Contains(DurableManifest, StringComparison.Ordinal) ? ManifestState.Damaged
            : said.AsSpan().ContainsAnyExcept('\0') ? ManifestState.Unknown : ManifestState.Empty;
    }

    /// <summary>Whether a manifest that says something else is that of another sort or version, and not this one's damaged.</summary>
    public static bool IsOfAnother(IDisk disk) => Read(disk).Split('\n').Any(
        line => line.StartsWith("Reflink ", StringComparison.Ordinal) && line.Contains(" store, version ", StringComparison.Ordinal) && char.IsAsciiDigit(line[^1]));

    /// <summary>Checks that the manifest says what it must.</summary>
    /// <exception cref="ReflinkException">EINVAL: it says something else.</exception>
    public static void CheckManifest(IDisk disk, string expected)
    {
        if (Read(disk) != expected)
        {
            throw Another(disk);
        }
    }

    /// <summary>What to tell of a folder whose manifest is not what is looked for.</summary>
    public static ReflinkException Another(IDisk disk) => new(
        Errno.EINVAL,
        $"the folder {disk.Place} has a store of another sort or version of Reflink, by what its file {Manifest} says; open it with that one, or give this store another folder");

    // No manifest is as long as this.
    private static string Read(IDisk disk)
    {
        Span<byte> bytes = stackalloc byte[128];
        return Encoding.Latin1.GetString(bytes[..disk.Manifest.Read(0, bytes)]);
    }

    private static int NumberOf(string name, string prefix) =>
        name.Split('.') is [var first, { Length: > 0 } number] && first == prefix
            && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var parsed) ? parsed : -1;
}
