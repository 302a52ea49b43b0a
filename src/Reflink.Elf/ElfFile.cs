using System.Security.Cryptography;
using Reflink.Units;

namespace Reflink.Elf;

/// <summary>An executable or a shared library for x86-64: what of it is code, and which build it is.</summary>
/// <remarks>
/// Read whole, once; later changes of the file do not show. Every failure is a <see cref="ReflinkException"/>, ENOEXEC for a file that
/// is not what it should be, whatever its bytes are.
/// </remarks>
public sealed class ElfFile
{
    private readonly LoadMap _loads;
    private string? _content;
    private List<FunctionEntry>? _debugFunctions;

    private ElfFile(ElfImage image)
    {
        Image = image;
        var header = ElfHeader.Read(image);
        Segments = ElfSegment.ReadAll(image, header);
        Sections = ElfSection.ReadAll(image, header);
        _loads = new(image, Segments);
        BuildId = BuildIdNote.Find(image, Segments, Sections);
    }

    /// <summary>The name under which the file was opened.</summary>
    public string Path => Image.Path;

    /// <summary>The file's length in bytes.</summary>
    public long Size => (long)Image.Length;

    /// <summary>The GNU build-id in lower-case hexadecimal, or null.</summary>
    public string? BuildId { get; }

    /// <summary>SHA-256 of the whole file in lower-case hexadecimal: a build-id is a promise, this is what is there.</summary>
    public string Content => _content ??= Convert.ToHexStringLower(SHA256.HashData(Image.Slice(0, Image.Length, "contents")));

    /// <summary>The executable PT_LOAD segments as [p_offset, p_offset + p_filesz), by offset: the only bytes that can be patched.</summary>
    public IReadOnlyList<FileRange> ExecutableRanges => _loads.ExecutableRanges;

    /// <summary>Pages of all executable mappings. A page at which two of them meet is mapped, and counted, twice.</summary>
    public long TextPages => _loads.ExecutableRanges.Sum(range => range.Pages.Length);

    internal ElfImage Image { get; }

    internal ElfSegment[] Segments { get; }

    internal ElfSection[] Sections { get; }

    /// <summary>The functions that a compressed symbol table within the file names; unpacked when it is first asked for.</summary>
    internal List<FunctionEntry> DebugFunctions => _debugFunctions ??= MiniDebugInfo.Functions(this);

    /// <summary>Reads a file.</summary>
    /// <exception cref="ReflinkException">ENOENT, EACCES, EISDIR, EFBIG or EIO: it cannot be read. ENOEXEC: it cannot be used.</exception>
    public static ElfFile Open(string path) => new(new ElfImage(path, WholeFile.Read(path)));

    /// <summary>Takes bytes that are already in memory; they must not change afterwards.</summary>
    /// <param name="name">What failures and patch sets call the file.</param>
    /// <param name="bytes">The whole file.</param>
    /// <exception cref="ReflinkException">ENOEXEC: it cannot be used.</exception>
    public static ElfFile FromBytes(string name, byte[] bytes)
    {
        ArgumentNullException.ThrowIfNull(bytes);
        return new(new ElfImage(name, bytes));
    }

    /// <summary>Whether the byte at a file offset is mapped executable.</summary>
    public bool IsExecutable(long offset) => Array.Exists(_loads.ExecutableRanges, range => range.Contains(offset));

    /// <summary>The file offset of a virtual address, or null where no PT_LOAD maps a byte of the file to it.</summary>
    public long? OffsetOf(ulong address) =>
        _loads.At(address) is { } load ? (long)(load.Offset + (address - load.Address)) : null;

    /// <summary>Bytes of the file.</summary>
    /// <exception cref="ReflinkException">EINVAL: they are not all in the file.</exception>
    public ReadOnlySpan<byte> Read(long offset, int length)
    {
        if (offset < 0 || length < 0 || offset > Size || length > Size - offset)
        {
            throw new ReflinkException(Errno.EINVAL, $"{length} bytes at 0x{offset:x} are not in '{Path}' of {Size} bytes; check the offset");
        }

        return Image.Slice((ulong)offset, (ulong)length, "content");
    }

    /// <summary>The PT_LOAD segment that maps the address from the file, or null.</summary>
    internal ElfSegment? LoadAt(ulong address) => _loads.At(address);

    /// <summary>The executable segment that maps the byte at a file offset, or null.</summary>
    internal ElfSegment? CodeAtOffset(long offset) => _loads.CodeAtOffset(offset);

    /// <summary>Bytes of memory from the first mapped page to the end of the last segment.</summary>
    internal ulong Span => _loads.Span;

    /// <summary>The file offset of an address of code, or null.</summary>
    internal long? CodeAt(ulong address) => LoadAt(address) is { IsExecutable: true } ? OffsetOf(address) : null;

    /// <summary>The sections of that name that are in the file. All of them together are no larger than it.</summary>
    internal List<ElfSection> SectionsNamed(string name)
    {
        var found = new List<ElfSection>();
        var room = Image.Length;
        foreach (var section in Sections)
        {
            if (section.Name == name && section.Type != ElfSection.NoBits)
            {
                // Headers are cheap: a thousand that all name the same bytes would be a thousand times the work.
                room -= section.Size <= room ? section.Size : throw Image.Bad(
                    $"is malformed: its sections {name} are longer than the file; get a whole copy");
                found.Add(section);
            }
        }

        return found;
    }
}
