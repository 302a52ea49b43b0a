using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Reflink.Patching.Sets;

/// <summary>Patch sets as JSON for programs; it carries what <see cref="PatchSetText"/> does, and nothing else.</summary>
/// <remarks>
/// <code>
/// {
///   "format": "reflink-patch-set 1",
///   "name": "probes/example",
///   "file": "/usr/lib/libexample.so",
///   "buildId": "97da31b2",
///   "size": 24112704,
///   "sha256": "5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03",
///   "patches": [
///     { "offset": "0x251000", "old": "55", "new": "cc", "name": "example_function" }
///   ]
/// }
/// </code>
/// The format comes first and is required, as are an entry's offset and bytes. Offsets are text: people compare them with what other
/// tools print, and many programs cannot hold a number above 2^53. A key that is not known is refused, because it may change the meaning.
/// Entries have a line each, so that version control shows what changed.
/// </remarks>
public static class PatchSetJson
{
    internal const string FormatKey = "format";
    internal const string LabelKey = "name";
    internal const string FileKey = "file";
    internal const string BuildIdKey = "buildId";
    internal const string SizeKey = "size";
    internal const string ContentKey = "sha256";
    internal const string PatchesKey = "patches";
    internal const string OffsetKey = "offset";
    internal const string OldKey = "old";
    internal const string NewKey = "new";
    internal const string NameKey = "name";

    /// <summary>Writes the set in its canonical form; lines end with a line feed whatever the platform.</summary>
    public static void Write(PatchSet set, TextWriter writer)
    {
        ArgumentNullException.ThrowIfNull(set);
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write($"{{\n  \"{FormatKey}\": {Quoted(PatchSetText.FirstLine)}");
        WriteHeader(writer, LabelKey, set.Label is { } label ? Quoted(label) : null);
        WriteHeader(writer, FileKey, set.Target.FileName is { } file ? Quoted(file) : null);
        WriteHeader(writer, BuildIdKey, set.Target.BuildId is { } id ? Quoted(id) : null);
        WriteHeader(writer, SizeKey, set.Target.FileSize?.ToString());
        WriteHeader(writer, ContentKey, set.Target.Content is { } content ? Quoted(content) : null);
        writer.Write($",\n  \"{PatchesKey}\": [");
        for (var i = 0; i < set.Count; i++)
        {
            writer.Write(i == 0 ? "\n" : ",\n");
            WriteEntry(writer, set[i]);
        }

        writer.Write(set.Count == 0 ? "]\n}\n" : "\n  ]\n}\n");
    }

    /// <summary>Reads a set.</summary>
    /// <param name="reader">The JSON.</param>
    /// <param name="sourceName">What failures call it: a path, usually.</param>
    /// <exception cref="ReflinkException">EINVAL: source, line, column and what was expected there.</exception>
    public static PatchSet Read(TextReader reader, string sourceName)
    {
        ArgumentNullException.ThrowIfNull(reader);
        return new PatchSetJsonReader(Encoding.UTF8.GetBytes(reader.ReadToEnd()), sourceName).Read();
    }

    private static void WriteHeader(TextWriter writer, string key, string? value)
    {
        if (value is not null)
        {
            writer.Write($",\n  \"{key}\": {value}");
        }
    }

    private static void WriteEntry(TextWriter writer, PatchEntry entry)
    {
        writer.Write($"    {{ \"{OffsetKey}\": \"0x{entry.Offset:x}\", \"{OldKey}\": \"{Convert.ToHexStringLower(entry.Old)}\"");
        writer.Write($", \"{NewKey}\": \"{Convert.ToHexStringLower(entry.New)}\"");
        writer.Write(entry.Name is null ? " }" : $", \"{NameKey}\": {Quoted(entry.Name)} }}");
    }

    /// <summary>Only what JSON demands is escaped: this is a file, no part of a web page, and people read names.</summary>
    private static string Quoted(string text) => $"\"{JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";
}
