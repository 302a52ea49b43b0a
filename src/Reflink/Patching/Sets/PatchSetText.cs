namespace Reflink.Patching.Sets;

/// <summary>Patch sets as text for people and version control: a header, then one entry a line.</summary>
/// <remarks>
/// <code>
/// reflink-patch-set 1
/// name: probes/example
/// # a line that begins with '#' is a comment; empty lines do not count
/// file: /usr/lib/libexample.so
/// build-id: 97da31b2
/// size: 24112704
/// sha256: 5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03
/// 0x251000 55 cc example_function
/// </code>
/// An entry is the file offset in hexadecimal, the old and the new bytes, and a name up to the end of the line. Only the first line
/// is required. What is written has the canonical form, so reading it back and writing it again gives the same text.
/// </remarks>
public static class PatchSetText
{
    /// <summary>The first line; the number is the format's version.</summary>
    internal const string FirstLine = "reflink-patch-set 1";

    internal const string LabelKey = "name";
    internal const string FileKey = "file";
    internal const string BuildIdKey = "build-id";
    internal const string SizeKey = "size";
    internal const string ContentKey = "sha256";

    /// <summary>Writes the set; lines end with a line feed whatever the platform.</summary>
    public static void Write(PatchSet set, TextWriter writer)
    {
        ArgumentNullException.ThrowIfNull(set);
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write(FirstLine + "\n");
        WriteHeader(writer, LabelKey, set.Label);
        WriteHeader(writer, FileKey, set.Target.FileName);
        WriteHeader(writer, BuildIdKey, set.Target.BuildId);
        WriteHeader(writer, SizeKey, set.Target.FileSize?.ToString());
        WriteHeader(writer, ContentKey, set.Target.Content);
        for (var i = 0; i < set.Count; i++)
        {
            WriteEntry(writer, set[i]);
        }
    }

    /// <summary>Reads a set.</summary>
    /// <param name="reader">The text.</param>
    /// <param name="sourceName">What failures call the text: a path, usually.</param>
    /// <exception cref="ReflinkException">EINVAL: source, line and what was expected there.</exception>
    public static PatchSet Read(TextReader reader, string sourceName)
    {
        ArgumentNullException.ThrowIfNull(reader);
        return new PatchSetReader(reader, sourceName).Read();
    }

    private static void WriteHeader(TextWriter writer, string key, string? value)
    {
        if (value is not null)
        {
            writer.Write($"{key}: {value}\n");
        }
    }

    private static void WriteEntry(TextWriter writer, PatchEntry entry)
    {
        writer.Write($"0x{entry.Offset:x} {Convert.ToHexStringLower(entry.Old)} {Convert.ToHexStringLower(entry.New)}");
        writer.Write(entry.Name is null ? "\n" : $" {entry.Name}\n");
    }
}
