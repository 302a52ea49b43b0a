using System.CommandLine;
using System.Globalization;
using Reflink.Cli.Reporting;
using Reflink.Files;
using Reflink.Inodes;
using Reflink.Units;

namespace Reflink.Cli.Volumes;

/// <summary>Works on a volume that is kept in a folder of this computer.</summary>
internal sealed class VolumeCommand : Command, IHasExamples
{
    private const string Path = "A path in the volume, from /";
    private const int Chunk = 1 << 20;

    private static readonly Option<bool> s_reflink = new("--reflink") { Description = "Share the blocks instead of copying bytes" };

    public VolumeCommand()
        : base("volume", "Works on a volume with reflinks that is kept in a folder: what a command did is on the disk when it ends, all of it or, if it failed, nothing.")
    {
        foreach (var verb in (VolumeVerb[])[Create(), List(), Put(), Get(), Copy(), DeriveVerb.Derive(Path, Told), DeriveVerb.Materialize(Path), Dedupe(), Extents(), Sync(), Check(), Stat(), .. NameVerbs.All(Told), .. ContentVerbs.All(Told), .. AttributeVerbs.All(Told)])
        {
            Subcommands.Add(verb);
        }
    }

    public IReadOnlyList<(string Line, string Does)> Examples => [.. Subcommands.OfType<IHasExamples>().Select(command => command.Examples[0])];

    private static VolumeVerb Create()
    {
        var size = OptionKinds.OptionalSize("--size", "How much the volume may hold; 1 TiB if nothing is said", least: Page.Size);
        var verb = new VolumeVerb("create", "Makes an empty volume in a new or empty folder.", ("disk --size 10G", "a volume in ./disk")) { IsCreating = true };
        verb.Options.Add(size);
        return verb.With(StoreUse.Durable, (machine, _, _, _) => machine.Volume.List("/").Count == 0
            ? new(new { created = true, machine.Volume.Statistics().Blocks }, "")
            : throw new ReflinkException(Errno.EEXIST, "there is a volume already, and it has files; name another folder"), size);
    }

    private static VolumeVerb List() => new VolumeVerb("ls", "Lists a directory.", ("disk", "the names in the root directory"), ("PATH", $"{Path}; the root if nothing is said")).WithDefault("/")
        .With(StoreUse.ReadOnly, (machine, a) =>
        {
            var found = machine.Volume.List(a[0]).Select(n => Listed(machine.Volume, n.Name, $"{a[0].TrimEnd('/')}/{n.Name}")).ToArray();
            return new(
                found.Select(f => new { f.Name, inode = f.Stat.Inode.Value, type = f.Stat.Type.ToString(), f.Stat.Size, f.Stat.Blocks, f.Target }),
                Table([new("inode", 1), "type", "size", new("blocks", 2), "name"], found.Select(f => (IReadOnlyList<object?>)[f.Stat.Inode.Value, f.Stat.Type.ToString(), f.Stat.Size, f.Stat.Blocks, new Whole(ShellQuoting.Quote(f.Name) + (f.Target is { } target ? $" -> {ShellQuoting.Quote(target)}" : ""))])));
        });

    private static (string Name, FileStat Stat, string? Target) Listed(Volume volume, string name, string path) =>
        volume.StatLink(path) is var stat && stat.Type == InodeType.SymbolicLink ? (name, stat, volume.ReadLink(path)) : (name, stat, null);

    private static Option<bool> Recursive() => new("--recursive", "-r") { Description = "Copy a directory with all that is in it: links, modes, times, extended attributes" };

    private static VolumeVerb Put()
    {
        var recursive = Recursive();
        var verb = new VolumeVerb(
            "put", "Copies a regular file of this computer into the volume, as a new file with its mode and time; holes stay holes.", ("disk /usr/bin/true /true", "a binary, into the volume"), ("FILE", "A file of this computer"), ("PATH", Path));
        verb.Options.Add(recursive);
        return verb.With(StoreUse.Durable, (machine, a, line, progress) =>
        {
            if (line.GetValue(recursive))
            {
                var leftOut = machine.Volume.ImportTree(a[0], a[1], progress);
                foreach (var path in leftOut)
                {
                    Failures.Remark($"left out: {ShellQuoting.Quote(path)} is neither a file, a directory nor a symbolic link");
                }

                return Told(machine, a[1]);
            }

            var length = File.Exists(a[0]) ? new FileInfo(a[0]).Length : 0;
            machine.Volume.Import(a[0], a[1], progress.Of($"put {ShellQuoting.Quote(a[1])}", length), keepAttributes: true);
            return Told(machine, a[1]);
        });
    }

    private static VolumeVerb Get()
    {
        var recursive = Recursive();
        var verb = new VolumeVerb(
            "get", "Copies a file of the volume to this computer, with its mode and time, replacing what is there once all is copied; holes stay holes.", ("disk /true copy", "a file, out of the volume"), ("PATH", Path), ("FILE", "A file of this computer"));
        verb.Options.Add(recursive);
        verb.Before = line =>
        {
            if (!line.GetValue(recursive))
            {
                HostOutput.Require(line.GetValue<string>("FILE")!);
            }
        };
        return verb.With(StoreUse.ReadOnly, (machine, a, line, progress) =>
        {
            if (line.GetValue(recursive))
            {
                machine.Volume.ExportTree(a[0], a[1], progress);
                return Told(machine, a[0]);
            }

            machine.Volume.Export(a[0], a[1], progress.Of($"get {ShellQuoting.Quote(a[0])}", machine.Volume.Stat(a[0]).Size), keepAttributes: true);
            return Told(machine, a[0]);
        });
    }

    private static VolumeVerb Copy()
    {
        var verb = new VolumeVerb("cp", "Copies a file within the volume.", ("--reflink disk /true /clone", "a clone: it takes no time and no space"), ("FROM", Path), ("TO", Path));
        verb.Options.Add(s_reflink);
        return verb.With(StoreUse.Durable, (machine, a, line, progress) =>
        {
            if (line.GetValue(s_reflink))
            {
                // FICLONE replaces what a file holds; to copy is to make a file.
                RequireNew(machine.Volume, a[1]);
                machine.Volume.Clone(a[0], a[1]);
            }
            else
            {
                CopyBytes(machine.Volume, a[0], a[1], progress);
            }

            return Told(machine, a[1]);
        });
    }

    private static void RequireNew(Volume volume, string path)
    {
        try
        {
            _ = volume.StatLink(path);
        }
        catch (ReflinkException e) when (e.Error == Errno.ENOENT)
        {
            return;
        }

        throw new ReflinkException(Errno.EEXIST, $"'{path}' exists; remove it or choose another name");
    }

    private static void CopyBytes(Volume volume, string from, string to, VolumeProgress progress)
    {
        using var source = volume.Open(from);
        using var target = volume.Create(to);
        progress.Of($"cp {ShellQuoting.Quote(to)}", source.Size);
        var buffer = new byte[Chunk];
        for (var at = 0L; source.Read(at, buffer) is > 0 and var read; at += read)
        {
            if (target.Write(at, buffer.AsSpan(0, read)) < read)
            {
                throw new ReflinkException(Errno.ENOMEM, $"'{to}' could not be written whole");
            }

            progress.Report(at + read);
        }
    }

    private static VolumeVerb Dedupe() => new VolumeVerb(
        "dedupe", "Makes two files with the same bytes share their blocks; ends with 1 if their bytes differ.", ("disk /one /two", "two copies become one"), ("FIRST", Path), ("SECOND", Path))
        .With(StoreUse.Durable, (machine, a) =>
        {
            if (machine.Volume.Stat(a[0]).Inode == machine.Volume.Stat(a[1]).Inode)
            {
                throw new ReflinkException(Errno.EINVAL, $"'{a[0]}' and '{a[1]}' are one file; name two");
            }

            using var first = machine.Volume.Open(a[0]);
            using var second = machine.Volume.Open(a[1], OpenFlags.ReadWrite);
            var same = first.Size == second.Size && machine.Volume.Dedupe(first, 0, first.Size, second, 0);
            return new(new { same }, same ? "the files share their blocks" : "the files differ", same ? ExitCode.Success : ExitCode.Failure);
        });

    private static VolumeVerb Extents() => new VolumeVerb("extents", "Shows which blocks a file has, as filefrag does.", ("disk /true", "the extents of a file"), ("PATH", Path))
        .With(StoreUse.ReadOnly, (machine, a) =>
        {
            var extents = machine.Volume.Extents(a[0]);
            return new(
                extents.Select(e => new { page = e.Start.Value, e.Length, block = e.Block.ToString(), shared = e.IsShared, flags = Flags(e) }),
                Table(["page", "pages", "block", "flags"], extents.Select(e => (IReadOnlyList<object?>)[e.Start.Value, e.Length, e.Block.ToString(), string.Join(',', Flags(e))])));
        });

    // As filefrag -v writes them, in the order of their bits.
    private static string[] Flags(FileExtent extent) =>
        [.. Enum.GetValues<ExtentFlags>().Where(f => f != ExtentFlags.None && (extent.Flags & f) != 0).Select(f => f.ToString().ToLowerInvariant())];

    private static VolumeVerb Sync() => new VolumeVerb("sync", "Opens the volume, which recovers it after a crash, and makes it outlast the next.", ("disk", "what a killed command left is cleared up"))
        .With(StoreUse.Durable, (machine, _) => new(new { blocksUsed = machine.Volume.Blocks.Total - machine.Volume.Blocks.Free }, ""));

    private static VolumeVerb Check() => new VolumeVerb(
        "fsck", "Checks the volume against its own rules and reads every page; lists what is damaged, and ends with 1 if anything is.", ("disk", "is all well?"))
        .With(StoreUse.ReadOnly, (machine, _) =>
        {
            var findings = Fsck.Check(machine).Concat(Fsck.CheckPages(machine)).ToArray();
            return new(
                new { findings },
                new Report().Notes(findings.Select(Failures.OnOneLine).DefaultIfEmpty("no damage")),
                findings.Length == 0 ? ExitCode.Success : ExitCode.Failure)
            {
                Rows = findings.Select(finding => new { finding }),
            };
        });

    private static VolumeVerb Stat() => new VolumeVerb("stat", "Shows what stat(2) and statfs(2) say.", ("disk /true", "size, blocks and times of a file"), ("PATH", Path))
        .With(StoreUse.ReadOnly, (machine, a) => Told(machine, a[0]));

    private static VolumeAnswer Told(Machine machine, string path)
    {
        var (stat, blocks) = (machine.Volume.StatLink(path), machine.Volume.Blocks);
        var rows = new (string Name, object Value)[]
        {
            ("path", path), ("inode", stat.Inode.Value), ("type", stat.Type.ToString()), ("size", stat.Size), ("blocks", stat.Blocks), ("links", stat.Links),
            ("mode", Convert.ToString((int)stat.Mode, 8)), ("modifiedAt", stat.ModifiedAt), ("changedAt", stat.ChangedAt), ("volumeBlocksUsed", blocks.Total - blocks.Free),
        };
        return new(
            rows.ToDictionary(r => r.Name, r => r.Value),
            new Report().Facts(rows.Select(r => (r.Name, r.Name == "path" ? new Whole(ShellQuoting.Quote(path)) : r.Name.EndsWith("At", StringComparison.Ordinal) ? Time((long)r.Value) : r.Value))));
    }

    // As stat(1) prints times, of the world.
    private static string Time(long nanoseconds)
    {
        var (seconds, rest) = Math.DivRem(nanoseconds, 1_000_000_000);
        (seconds, rest) = rest < 0 ? (seconds - 1, rest + 1_000_000_000) : (seconds, rest);
        return string.Create(CultureInfo.InvariantCulture, $"{DateTimeOffset.FromUnixTimeSeconds(seconds):yyyy-MM-dd HH:mm:ss}.{rest:d9} UTC");
    }

    private static Report Table(IReadOnlyList<Column> columns, IEnumerable<IReadOnlyList<object?>> rows) => new Report().Table(new("", columns, [.. rows]));
}
