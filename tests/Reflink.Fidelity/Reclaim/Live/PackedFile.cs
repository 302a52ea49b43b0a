using System.IO.Compression;
using System.Runtime.InteropServices;
using SharpCompress.Compressors.Xz;

namespace Reflink.Fidelity.Reclaim.Live;

/// <summary>Files that are packed by xz or gzip, as their name says, or not at all.</summary>
internal static class PackedFile
{
    /// <summary>The endings of names that are read, longest first.</summary>
    public static readonly string[] Endings = [".xz", ".gz", ""];

    /// <summary>The bytes of a file.</summary>
    /// <exception cref="InvalidDataException">The file is damaged, cut off, or not packed as its name says.</exception>
    public static byte[] Read(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            using Stream stream = Path.GetExtension(path) switch
            {
                ".xz" => new XZStream(file),
                ".gz" => new GZipStream(file, CompressionMode.Decompress),
                _ => file,
            };
            using var bytes = new MemoryStream();
            stream.CopyTo(bytes);
            return bytes.ToArray();
        }
        catch (Exception e) when (e is not (IOException or UnauthorizedAccessException) || e is EndOfStreamException or InvalidDataException)
        {
            throw new InvalidDataException($"{path}: {e.Message}", e);
        }
    }

    /// <summary>The page numbers of a trace: four bytes each, little-endian.</summary>
    /// <exception cref="InvalidDataException">The file is damaged, or its length is no multiple of four.</exception>
    public static uint[] ReadTrace(string path)
    {
        var bytes = Read(path);
        return bytes.Length > 0 && bytes.Length % sizeof(uint) == 0
            ? MemoryMarshal.Cast<byte, uint>(bytes).ToArray()
            : throw new InvalidDataException($"{path}: {bytes.Length} bytes are no trace of page numbers of 4 bytes each");
    }

    /// <summary>Writes a file packed by gzip.</summary>
    public static void Write(string path, ReadOnlySpan<byte> bytes)
    {
        using var file = File.Create(path);
        using var stream = new GZipStream(file, CompressionLevel.SmallestSize);
        stream.Write(bytes);
    }
}
