using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Reflink.Units;
using Reflink.Vm;

namespace Reflink.Studies.Experiments;

/// <summary>All kinds of steps. Each does one thing by the library's own call; another is a line and what it calls.</summary>
public static class StepCatalog
{
    internal static IReadOnlyList<StepForm> Forms { get; } =
    [
        new("import HOSTFILE NAME", "copy a file of this computer into the volume", Import) { Missing = (i, word) => i > 0 || File.Exists(word) ? null : $"needs the file '{word}', which this computer does not have; name another" },
        new("create NAME SIZE [SEED]", "make a file of random bytes; equal seeds (usual: 1), equal bytes", Create),
        new("clone NAME NEW", "make a file that shares all blocks of another (cp --reflink)", (bench, a) => Nothing(bench.Machine.Volume.Clone(a.Path(0), a.Path(1)))),
        new("clone-range NAME OFFSET LENGTH OTHER OFFSET", "share a range of blocks with another file (FICLONERANGE)", CloneRange),
        new("dedupe NAME OFFSET LENGTH OTHER OFFSET", "share them if the bytes are equal (FIDEDUPERANGE)", Dedupe),
        new("read NAME [OFFSET LENGTH]", "read bytes, all if no range is given", Read),
        new("write NAME OFFSET TEXT", "write the text's bytes (UTF-8)", (bench, a) => Bytes(Write(bench, a.Path(0), a.Number(1), Encoding.UTF8.GetBytes(a[2])))),
        new("fill NAME OFFSET LENGTH [SEED]", "write random bytes", (bench, a) => Bytes(Fill(bench, a.Path(0), a.Number(1), a.Number(2), a.Number(3, 1)))),
        new("truncate NAME SIZE", "set the length", (bench, a) => Change(bench, a, file => file.Truncate(a.Number(1)))),
        new("punch NAME OFFSET LENGTH", "make a hole (FALLOC_FL_PUNCH_HOLE)", (bench, a) => Change(bench, a, file => file.PunchHole(a.Number(1), a.Number(2)))),
        new("collapse NAME OFFSET LENGTH", "take whole pages out (FALLOC_FL_COLLAPSE_RANGE)", (bench, a) => Change(bench, a, file => file.Collapse(a.Number(1), a.Number(2)))),
        new("delete NAME", "remove a file", (bench, a) => Call(() => bench.Machine.Volume.Unlink(a.Path(0)))),
        new("export NAME HOSTFILE", "copy a file to this computer, over what is there", (bench, a) => Call(() => bench.Machine.Volume.Export(a.Path(0), a[1]))),
        new("map NAME PROCESS", "map a file private and writable into a process, started if it is new", (bench, a) => Call(() => bench.Map(a[0], a[1], Protection.ReadWrite, MappingKind.Private))),
        new("share NAME PROCESS", "map it shared: what is stored changes the file", (bench, a) => Call(() => bench.Map(a[0], a[1], Protection.ReadWrite, MappingKind.Shared))),
        new("heap NAME PROCESS SIZE [ADDRESS]", "give a process memory of its own, started if it is new; NAME is only its name (MAP_ANONYMOUS)", (bench, a) => Call(() => bench.Allocate(a[0], a[1], a.Number(2), a.Number(3, 0)))),
        new("load NAME PROCESS [OFFSET LENGTH]", "load bytes through that mapping", Load),
        new("store NAME PROCESS OFFSET TEXT", "store the text's bytes through it", Store),
        new("fork PROCESS CHILD", "start a child that has all that its parent has", (bench, a) => Call(() => bench.Fork(a[0], a[1]))),
        new("exit PROCESS", "end a process", (bench, a) => Call(() => bench.Exit(a[0]))),
        new("evict NAME [OFFSET LENGTH]", "write back the pages of a range, and drop the whole ones that no process maps (POSIX_FADV_DONTNEED)", Evict),
        new("fingerprint NAME [DOMAIN]", "share its pages with files of equal content until it is written (with --keying content)", Fingerprint),
        new("wait MILLISECONDS", "let simulated time pass, in which daemons work", (bench, a) => Call(() => bench.Wait(TimeSpan.FromMilliseconds(Math.Min(a.Number(0), 1L << 40))))),
        .. FileSteps.Forms,
        .. ProcessSteps.Forms,
        .. MemorySteps.Forms,
        .. MergeSteps.Forms,
        .. PatchSteps.Forms,
        new("drop-caches", "write back everything and drop every page that no process maps", (bench, _) => Frames(bench.Machine.DropCaches())),
    ];

    /// <summary>What each step looks like, and what it does.</summary>
    public static IReadOnlyList<(string Usage, string Does)> Usages { get; } = [.. Forms.Select(f => (f.Usage, f.Does))];

    internal static StepForm? Find(string name) => Forms.FirstOrDefault(f => f.Name == name);

    private static string? Import(ExperimentBench bench, StepArguments a)
    {
        var total = new FileInfo(a[0]) is { Exists: true } file ? file.Length : 0;
        bench.Machine.Volume.Import(a[0], a.Path(1), new ImportProgress(done => bench.Report(new ExperimentProgress($"import {a[0]}", done, total))));
        return Bytes(bench.Machine.Volume.Stat(a.Path(1)).Size);
    }

    private static string? Fingerprint(ExperimentBench bench, StepArguments a) =>
        Convert.ToHexStringLower(bench.Machine.Volume.ShareContent(a.Path(0), a.Has(1) ? a[1] : "").AsSpan(0, 8));

    private static string? Create(ExperimentBench bench, StepArguments a)
    {
        if (a.Number(1) >> Page.Shift > bench.Machine.Volume.Blocks.Free)
        {
            throw new ReflinkException(Errno.ENOSPC, $"'{a[0]}' of {a[1]} does not fit the volume, which has {bench.Machine.Volume.Blocks.Free:N0} pages free; make it larger with --volume, or the file smaller");
        }

        bench.Machine.Volume.Create(a.Path(0)).Dispose();
        return Bytes(Fill(bench, a.Path(0), 0, a.Number(1), a.Number(2, 1)));
    }

    private static string? CloneRange(ExperimentBench bench, StepArguments a)
    {
        using var source = bench.Machine.Volume.Open(a.Path(0));
        using var target = bench.Machine.Volume.Open(a.Path(3), OpenFlags.ReadWrite | OpenFlags.Create);
        bench.Machine.Volume.CloneRange(source, a.Number(1), a.Number(2), target, a.Number(4));
        return null;
    }

    private static string? Dedupe(ExperimentBench bench, StepArguments a)
    {
        using var source = bench.Machine.Volume.Open(a.Path(0));
        using var target = bench.Machine.Volume.Open(a.Path(3), OpenFlags.ReadWrite);
        return bench.Machine.Volume.Dedupe(source, a.Number(1), a.Number(2), target, a.Number(4)) ? "equal" : "different";
    }

    private static string? Read(ExperimentBench bench, StepArguments a)
    {
        using var file = bench.Machine.Volume.Open(a.Path(0));
        var (offset, length) = a.Range(1, file.Size);
        return Bytes(bench.Move($"read {a[0]}", offset, length, (at, into) => file.Read(at, into.Span)));
    }

    private static string? Load(ExperimentBench bench, StepArguments a)
    {
        var mapping = bench.Mapping(a[0], a[1]);
        var (offset, length) = a.Range(2, mapping.Size);
        return Bytes(bench.Move($"load {a[0]}", mapping.Address + offset, length, (at, into) =>
        {
            mapping.Process.Memory.Load(at, into.Span);
            return into.Length;
        }));
    }

    private static string? Store(ExperimentBench bench, StepArguments a)
    {
        var (mapping, bytes) = (bench.Mapping(a[0], a[1]), Encoding.UTF8.GetBytes(a[3]));
        mapping.Process.Memory.Store(mapping.Address + a.Number(2), bytes);
        return Bytes(bytes.Length);
    }

    private static string? Evict(ExperimentBench bench, StepArguments a)
    {
        using var file = bench.Machine.Volume.Open(a.Path(0));
        var (offset, length) = a.Range(1, file.Size);
        return Frames(file.Evict(offset, length));
    }

    // Every eight bytes are what SplitMix64 gives for their number in the file and the seed, so what a range gets does not
    // depend on how it is written.
    private static long Fill(ExperimentBench bench, string path, long offset, long length, long seed)
    {
        using var file = bench.Machine.Volume.Open(path, OpenFlags.ReadWrite);
        var start = new SplitMix((ulong)seed).Next();
        return bench.Move($"fill {path[1..]}", offset, length, (at, part) =>
        {
            Span<ulong> word = stackalloc ulong[1];
            for (var i = 0; i < part.Length; i++)
            {
                if (i == 0 || (at + i) % sizeof(ulong) == 0)
                {
                    word[0] = new SplitMix(start + (ulong)((at + i) / sizeof(ulong))).Next();
                }

                part.Span[i] = MemoryMarshal.AsBytes(word)[(int)((at + i) % sizeof(ulong))];
            }

            return file.Write(at, part.Span);
        });
    }

    // Memory may run out on the way; the next call says so.
    private static long Write(ExperimentBench bench, string path, long offset, byte[] bytes)
    {
        using var file = bench.Machine.Volume.Open(path, OpenFlags.ReadWrite);
        var done = 0;
        while (done < bytes.Length)
        {
            done += file.Write(offset + done, bytes.AsSpan(done));
        }

        return done;
    }

    /// <summary>Opens a file for writing, and changes it; there is nothing to say of it.</summary>
    internal static string? Change(ExperimentBench bench, StepArguments a, Action<OpenFile> change)
    {
        using var file = bench.Machine.Volume.Open(a.Path(0), OpenFlags.ReadWrite);
        change(file);
        return null;
    }

    /// <summary>Makes a call that there is nothing to say of.</summary>
    internal static string? Call(Action call)
    {
        call();
        return null;
    }

    private static string? Nothing(object _) => null;

    private static string Bytes(long count) => Text(count, "byte");

    private static string Frames(long count) => Text(count, "frame");

    // Without commas, as the columns beside it.
    private static string Text(long count, string what) => string.Create(CultureInfo.InvariantCulture, $"{count} {what}{(count == 1 ? "" : "s")}");

    private sealed class ImportProgress(Action<long> report) : IProgress<long>
    {
        public void Report(long value) => report(value);
    }
}
