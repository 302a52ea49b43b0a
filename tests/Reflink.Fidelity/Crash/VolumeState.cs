using System.IO.Hashing;
using System.Text;

namespace Reflink.Fidelity.Crash;

/// <summary>All that a user can see of a volume, as text: names, attributes, bytes, who shares what with whom.</summary>
internal static class VolumeState
{
    /// <summary>Looks at every file.</summary>
    public static string Of(Machine machine)
    {
        var text = new StringBuilder();
        var blocks = new Dictionary<long, int>();
        Tell(machine, "/", text, blocks);
        return text.ToString();
    }

    private static void Tell(Machine machine, string folder, StringBuilder text, Dictionary<long, int> blocks)
    {
        var volume = machine.Volume;
        foreach (var (name, _) in volume.List(folder))
        {
            var path = $"{folder}{name}";
            var stat = volume.StatLink(path);
            text.Append($"{path} {stat.Type} {stat.Inode} mode {(int)stat.Mode} links {stat.Links} size {stat.Size} blocks {stat.Blocks} times {stat.AccessedAt} {stat.ModifiedAt} {stat.ChangedAt}");
            if (stat.Type == Inodes.InodeType.SymbolicLink)
            {
                text.Append($" to {volume.ReadLink(path)}\n");
            }
            else if (stat.Type == Inodes.InodeType.Directory)
            {
                text.Append('\n');
                Tell(machine, path + "/", text, blocks);
            }
            else
            {
                text.Append(Contents(volume, path, blocks)).Append('\n');
            }
        }
    }

    // Blocks are numbered as they are first seen: which they are is nobody's business, which are the same is.
    private static string Contents(Volume volume, string path, Dictionary<long, int> blocks)
    {
        var text = new StringBuilder();
        foreach (var extent in volume.Extents(path))
        {
            for (var n = 0L; n < extent.Length; n++)
            {
                var block = (extent.Block + n).Value;
                blocks.TryAdd(block, blocks.Count);
                text.Append($" {(extent.Start + n).Value}:{blocks[block]}{(extent.IsShared ? "s" : "")}");
            }
        }

        using var file = volume.Open(path);
        var bytes = new byte[file.Size];
        _ = file.Read(0, bytes);
        return $"{text} hash {XxHash3.HashToUInt64(bytes):x}";
    }
}
