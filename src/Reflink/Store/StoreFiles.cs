using System.Globalization;
using System.Text;
using Reflink.Units;

namespace Reflink.Store;

/// <summary>The names of a store's files, and what its manifest says.</summary>
internal static class StoreFiles
{
    /// <summary>What the manifest says of a folder whose store outlasts its process.</summary>
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

    /// <summary>Whether the manifest says anything; one that a crash cut off is empty or zeroes.</summary>
    public static bool HasManifest(IDisk disk)
    {
        Span<byte> bytes = stackalloc byte[128];
        return bytes[..disk.Manifest.Read(0, bytes)].ContainsAnyExcept((byte)0);
    }

    /// <summary>Checks that the manifest says what it must.</summary>
    /// <exception cref="ReflinkException">EINVAL: it says something else.</exception>
    public static void CheckManifest(IDisk disk, string expected)
    {
        Span<byte> bytes = stackalloc byte[expected.Length];
        if (disk.Manifest.Length != expected.Length || disk.Manifest.Read(0, bytes) < bytes.Length || Encoding.ASCII.GetString(bytes) != expected)
        {
            throw new ReflinkException(
                Errno.EINVAL,
                $"the folder {disk.Place} has a store of another sort or version of Reflink, or a damaged one; delete it, or give the store another folder");
        }
    }

    private static int NumberOf(string name, string prefix) =>
        name.Split('.') is [var first, { Length: > 0 } number] && first == prefix
            && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var parsed) ? parsed : -1;
}
