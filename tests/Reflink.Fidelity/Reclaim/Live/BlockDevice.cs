using System.Globalization;
using Reflink.Testing;

namespace Reflink.Fidelity.Reclaim.Live;

/// <summary>Makes devices without readahead, and what lies on them; the undo takes them away.</summary>
internal static class BlockDevice
{
    private const string MemoryDevices = "/sys/class/zram-control";
    private const int ChunkBytes = 1 << 20;

    // Below this mkfs.xfs refuses, and a journal needs its part.
    private const long LeastBytes = 512L << 20;

    /// <summary>Whether the kernel has devices of compressed memory.</summary>
    public static bool HasMemory => Directory.Exists(MemoryDevices);

    /// <summary>A filesystem with one file of zeroes; returns the path of the file, and the type of the filesystem.</summary>
    public static (string File, string Type) MakeFile(Undo undo, ScratchFolder home, DeviceKind kind, long bytes)
    {
        var device = Make(undo, home.Of("file-image"), kind, Math.Max(LeastBytes, bytes + (bytes / 4) + (128L << 20)));
        var type = Format(device);
        var folder = Directory.CreateDirectory(home.Of("mnt")).FullName;
        undo.Do($"the mount {folder}", () => Shell.Run("mount", "-t", type, "-o", "noatime", device, folder), _ => Shell.Insist(() => Shell.Run("umount", folder)));
        return (Fill(Path.Combine(folder, "file"), bytes), type);
    }

    /// <summary>A swap area in use with the highest priority; returns the path of its device.</summary>
    public static string MakeSwap(Undo undo, ScratchFolder home, DeviceKind kind, long bytes)
    {
        var device = Make(undo, home.Of("swap-image"), kind, bytes);
        Shell.Run("mkswap", device);
        undo.Do($"swap on {device}", () => Shell.Run("swapon", "--priority", "32767", device), _ => Shell.Run("swapoff", device));
        return device;
    }

    /// <summary>Writes a file of zeroes.</summary>
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

    private static string Make(Undo undo, string image, DeviceKind kind, long bytes)
    {
        var device = kind == DeviceKind.Memory ? MakeInMemory(undo, bytes) : MakeOverFile(undo, image, bytes);
        Shell.Run("blockdev", "--setra", "0", device);
        return device;
    }

    // Every page of the image is in the page cache already, so no write to the device needs memory.
    private static string MakeOverFile(Undo undo, string image, long bytes)
    {
        undo.Do(image, () => Fill(image, bytes), File.Delete);
        return undo.Do(
            $"the loop device of {image}", () => Shell.Run("losetup", "--find", "--show", image), device => Shell.Insist(() => Shell.Run("losetup", "--detach", device)));
    }

    private static string MakeInMemory(Undo undo, long bytes)
    {
        var number = undo.Do("a zram device", () => File.ReadAllText($"{MemoryDevices}/hot_add").Trim(), Remove);
        File.WriteAllText($"/sys/block/zram{number}/disksize", bytes.ToString(CultureInfo.InvariantCulture));
        return $"/dev/zram{number}";
    }

    private static void Remove(string number) => Shell.Insist(() =>
    {
        File.WriteAllText($"/sys/block/zram{number}/reset", "1");
        File.WriteAllText($"{MemoryDevices}/hot_remove", number);
    });

    private static string Format(string device)
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
