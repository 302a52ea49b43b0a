using SharpCompress.Compressors.Xz;

namespace Reflink.Fidelity.Reclaim;

/// <summary>Reads .xz files.</summary>
internal static class XzFile
{
    /// <summary>The bytes of a file.</summary>
    /// <exception cref="InvalidDataException">It is damaged, cut off, or no .xz file.</exception>
    public static byte[] Read(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            using var stream = new XZStream(file);
            using var bytes = new MemoryStream();
            stream.CopyTo(bytes);
            return bytes.ToArray();
        }
        catch (Exception e) when (e is not (IOException or UnauthorizedAccessException) || e is EndOfStreamException or InvalidDataException)
        {
            throw new InvalidDataException($"{path}: {e.Message}", e);
        }
    }
}
