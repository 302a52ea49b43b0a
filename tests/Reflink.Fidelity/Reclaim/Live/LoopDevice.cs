using Reflink.Testing;

namespace Reflink.Fidelity.Reclaim.Live;

/// <summary>Loop devices over files in a temporary folder, without readahead.</summary>
internal static class LoopDevice
{
    private const int ChunkBytes = 1 << 20;

    // Below this mkfs.xfs refuses, and a journal needs its part.
    private const long LeastBytes = 512L << 20;

    /// <summary>A device with a filesystem; returns where it is mounted, and what the filesystem is.</summary>
    public static (string Folder, string Type) MakeFilesystem(Undo undo, ScratchFolder home, long fileBytes)
    {
        var image = home.Of("file-image");
        using (var stream = File.Create(image))
        {
            stream.SetLength(Math.Max(LeastBytes, fileBytes + (fileBytes / 4) + (128L << 20)));
        }

        var device = Attach(undo, image);
        var type = MakeFilesystemOn(device);
        var folder = Directory.CreateDirectory(home.Of("mnt")).FullName;
        undo.Do($"the mount {folder}", () => Shell.Run("mount", "-t", type, "-o", "noatime", device, folder), _ => Shell.Insist(() => Shell.Run("umount", folder)));
        return (folder, type);
    }

    /// <summary>A device to swap to, in use with the highest priority. Every page of its file is in the page cache already.</summary>
    public static void MakeSwap(Undo undo, ScratchFolder home, long bytes)
    {
        var file = home.Of("swap-image");
        undo.Do(file, () => Fill(file, bytes), _ => File.Delete(file));
        var device = Attach(undo, file);
        Shell.Run("mkswap", device);
        undo.Do($"swap on {device}", () => Shell.Run("swapon", "--priority", "32767", device), _ => Shell.Run("swapoff", device));
    }

    /// <summary>Writes a file of that many bytes.</summary>
    public static string Fill(string path, long bytes)
    {
        using var file = File.Create(path);
        var chunk = new byte[ChunkBytes];
        for (var left = bytes; left > 0; left -= ChunkBytes)
        {
            file.Write(chunk.AsSpan(0, (int)Math.Min(left, ChunkBytes)));
        }

        file.Flush(flushToDisk: true);
        return path;
    }

    private static string Attach(Undo undo, string file)
    {
        var device = undo.Do($"the loop device of {file}", () => Shell.Run("losetup", "--find", "--show", file), made => Shell.Insist(() => Shell.Run("losetup", "--detach", made)));
        Shell.Run("blockdev", "--setra", "0", device);
        return device;
    }

    private static string MakeFilesystemOn(string device)
    {
        try
        {
            Shell.Run("mkfs.xfs", "-q", "-f", device);
            return "xfs";
        }
        catch (IOException)
        {
            Shell.Run("mkfs.ext4", "-q", "-F", device);
            return "ext4";
        }
    }
}
