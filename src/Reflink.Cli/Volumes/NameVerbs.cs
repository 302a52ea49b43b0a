using System.CommandLine;
using Reflink.Inodes;
using Reflink.Units;

namespace Reflink.Cli.Volumes;

/// <summary>Commands that change names in a volume: directories, links, renaming, removing.</summary>
internal static class NameVerbs
{
    private const string Path = "A path in the volume, from /";

    /// <summary>The commands.</summary>
    public static IEnumerable<VolumeVerb> All(Func<Machine, string, VolumeAnswer> told) => [MakeDirectory(told), Link(told), Move(told), Remove()];

    private static VolumeVerb MakeDirectory(Func<Machine, string, VolumeAnswer> told)
    {
        var parents = new Option<bool>("--parents", "-p") { Description = "Make the directories above it, too; one that is there is no failure" };
        var verb = new VolumeVerb("mkdir", "Makes a directory.", ("disk /etc", "an empty directory"), ("PATH", Path));
        verb.Options.Add(parents);
        return verb.With(StoreUse.Durable, (machine, a, line, _) =>
        {
            if (line.GetValue(parents))
            {
                MakeAll(machine.Volume, a[0]);
            }
            else
            {
                machine.Volume.MakeDirectory(a[0]);
            }

            return told(machine, a[0]);
        });
    }

    private static VolumeVerb Link(Func<Machine, string, VolumeAnswer> told)
    {
        var symbolic = new Option<bool>("--symbolic", "-s") { Description = "Make a symbolic link: TARGET may be any text, and need not be there" };
        var verb = new VolumeVerb(
            "ln", "Gives a file another name, or makes a symbolic link.", ("disk /true /bin-true", "a second name of one file"), ("TARGET", "A path in the volume; with -s what the link says"), ("PATH", "The new name, a path from /"));
        verb.Options.Add(symbolic);
        return verb.With(StoreUse.Durable, (machine, a, line, _) =>
        {
            if (line.GetValue(symbolic))
            {
                machine.Volume.MakeSymbolicLink(a[0], a[1]);
            }
            else
            {
                machine.Volume.Link(a[0], a[1]);
            }

            return told(machine, a[1]);
        });
    }

    private static VolumeVerb Move(Func<Machine, string, VolumeAnswer> told) => new VolumeVerb(
        "mv", "Renames a file or a directory; a file that has the name is replaced, and into a directory that is there it is moved.", ("disk /true /etc", "into the directory /etc"), ("FROM", Path), ("TO", Path))
        .With(StoreUse.Durable, (machine, a) =>
        {
            var target = IsDirectory(machine.Volume, a[1]) ? $"{a[1].TrimEnd('/')}/{a[0].TrimEnd('/').Split('/')[^1]}" : a[1];
            machine.Volume.Rename(a[0], target);
            return told(machine, target);
        });

    private static VolumeVerb Remove()
    {
        var recursive = new Option<bool>("--recursive", "-r") { Description = "Remove directories with all that is in them" };
        var verb = new VolumeVerb("rm", "Removes a name; a file goes with its last one.", ("disk /clone", "a file"), ("PATH", Path));
        verb.Options.Add(recursive);
        return verb.With(StoreUse.Durable, (machine, a, line, progress) =>
        {
            var names = line.GetValue(recursive) ? RemoveTree(machine.Volume, a[0], progress) : RemoveOne(machine.Volume, a[0]);
            return new(new { removed = names }, "");
        });
    }

    private static int RemoveOne(Volume volume, string path)
    {
        if (volume.StatLink(path).Type == InodeType.Directory)
        {
            throw new ReflinkException(Errno.EISDIR, $"'{path}' is a directory; -r removes it with all that is in it");
        }

        volume.Unlink(path);
        return 1;
    }

    private static int RemoveTree(Volume volume, string path, VolumeProgress progress)
    {
        progress.Report(0);
        if (volume.StatLink(path).Type != InodeType.Directory)
        {
            return RemoveOne(volume, path);
        }

        var removed = volume.List(path).Sum(n => RemoveTree(volume, $"{path.TrimEnd('/')}/{n.Name}", progress));
        if (path.Trim('/').Length > 0)
        {
            volume.RemoveDirectory(path);
            removed++;
        }

        return removed;
    }

    /// <summary>Makes a directory and those above it that are not there.</summary>
    public static void MakeAll(Volume volume, string path)
    {
        var made = "";
        foreach (var name in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            made = $"{made}/{name}";
            if (!IsDirectory(volume, made))
            {
                volume.MakeDirectory(made);
            }
        }
    }

    private static bool IsDirectory(Volume volume, string path)
    {
        try
        {
            return volume.Stat(path).Type == InodeType.Directory;
        }
        catch (ReflinkException e) when (e.Error is Errno.ENOENT or Errno.ENOTDIR)
        {
            return false;
        }
    }
}
