using System.Text;
using Reflink.Descriptions;
using Reflink.Descriptions.Content;
using Reflink.Descriptions.Formats;
using Reflink.Descriptions.Pieces;
using Reflink.Patching.Sets;
using Reflink.Units;

namespace Reflink.Cli.Describing;

/// <summary>Descriptions, and patch sets, which are descriptions too, in files of this computer or on standard input.</summary>
internal static class DescriptionInput
{
    /// <summary>Above the largest binary description.</summary>
    private const int MaxBytes = DescriptionLimits.MaxLiteralBytes + (DescriptionLimits.MaxPieces * 32);

    /// <summary>Formats as options spell them; the first is the usual one.</summary>
    public static IReadOnlyList<string> Formats { get; } = [.. Enum.GetNames<DescriptionFormat>().Select(name => name.ToLowerInvariant())];

    /// <summary>Kinds of preconditions as options spell them; the first is the usual one.</summary>
    public static IReadOnlyList<string> Strengths { get; } = [.. Enum.GetNames<PreconditionKind>().Select(name => name.ToLowerInvariant())];

    public static DescriptionFormat ParseFormat(string name) => Enum.Parse<DescriptionFormat>(name, ignoreCase: true);

    public static PreconditionKind ParseStrength(string name) => Enum.Parse<PreconditionKind>(name, ignoreCase: true);

    /// <summary>Reads a description in any format, or a patch set.</summary>
    /// <param name="path">The file; a dash is standard input.</param>
    /// <param name="sizeOf">The size of a base by its number and its name, where the file does not say it.</param>
    public static ChangeDescription Read(string path, Func<int, string?, long?>? sizeOf = null) => Parse(ReadBytes(path), path, sizeOf);

    /// <summary>As above, of bytes that were read already.</summary>
    public static ChangeDescription Parse(byte[] bytes, string path, Func<int, string?, long?>? sizeOf = null)
    {
        var name = path == OptionKinds.Standard ? "standard input" : path;
        return AsPatchSet(bytes, name) is { } set
            ? set.ToDescription(set.Target.FileSize ?? sizeOf?.Invoke(0, set.Target.FileName))
            : DescriptionFiles.Read(bytes, name, sizeOf);
    }

    /// <summary>Of the files that were named, in the order of the description's file, those that are copied from, in its order.</summary>
    public static IReadOnlyList<T> InOrder<T>(ChangeDescription description, IReadOnlyList<T> given) =>
        [.. description.Origins.Select((origin, i) => origin < given.Count ? given[origin] : throw new ReflinkException(
            Errno.EINVAL, $"base {origin} of the description, {description.Bases[i]}, was not named, and it copies from it; name one file for each base, in their order"))];

    /// <summary>Opens a file of this computer as a source of bytes.</summary>
    public static ByteSource Open(string path)
    {
        var stream = HostText.Open(path, () => new FileStream(path, FileMode.Open, FileAccess.Read), "cannot be read; name a regular file");
        return stream.CanSeek ? ByteSource.Of(stream) : throw new ReflinkException(Errno.EINVAL, $"'{path}' is no regular file; name one");
    }

    private static PatchSet? AsPatchSet(byte[] bytes, string name)
    {
        var start = Encoding.UTF8.GetString(bytes.AsSpan(0, Math.Min(bytes.Length, 200))).TrimStart();
        using var reader = new StreamReader(new MemoryStream(bytes));
        return start.StartsWith("reflink-patch-set 1", StringComparison.Ordinal) ? PatchSetText.Read(reader, name)
            : start.StartsWith('{') && start.Contains("\"reflink-patch-set 1\"", StringComparison.Ordinal) ? PatchSetJson.Read(reader, name)
            : null;
    }

    /// <summary>All bytes of a file or of standard input. Devices and binaries are easily named by mistake; none is read to its end.</summary>
    public static byte[] ReadBytes(string path)
    {
        using var stream = path == OptionKinds.Standard
            ? Console.OpenStandardInput()
            : HostText.Open(path, () => File.OpenRead(path), "cannot be read; name a file that 'reflink derive diff' wrote, or one of your own");
        using var all = new MemoryStream();
        var block = new byte[1 << 16];
        while (stream.Read(block) is > 0 and var count)
        {
            all.Write(block, 0, count);
            if (all.Length > MaxBytes)
            {
                throw new ReflinkException(Errno.EFBIG, $"'{path}' has more than {MaxBytes} bytes, which no description has");
            }
        }

        return all.ToArray();
    }
}
