using System.Text;
using Reflink.Files;
using static Reflink.Studies.Experiments.StepCatalog;

namespace Reflink.Studies.Experiments;

/// <summary>Further steps on files, and those on the volume as a whole.</summary>
internal static class FileSteps
{
    public static IReadOnlyList<StepForm> Forms { get; } =
    [
        new("append NAME TEXT", "write the text's bytes behind the end", (bench, a) => Change(bench, a, file => file.Append(Encoding.UTF8.GetBytes(a[1])))),
        new("allocate NAME OFFSET LENGTH", "reserve blocks, which read as zeroes (fallocate)", (bench, a) => Change(bench, a, file => file.Fallocate(FallocateMode.Allocate, a.Number(1), a.Number(2)))),
        new("zero NAME OFFSET LENGTH", "make zeroes of it without writing them (FALLOC_FL_ZERO_RANGE)", (bench, a) => Change(bench, a, file => file.Fallocate(FallocateMode.ZeroRange, a.Number(1), a.Number(2)))),
        new("insert NAME OFFSET LENGTH", "push in whole pages of zeroes (FALLOC_FL_INSERT_RANGE)", (bench, a) => Change(bench, a, file => file.Fallocate(FallocateMode.InsertRange, a.Number(1), a.Number(2)))),
        new("unshare NAME OFFSET LENGTH", "give it blocks of its own (FALLOC_FL_UNSHARE_RANGE)", (bench, a) => Change(bench, a, file => file.Fallocate(FallocateMode.UnshareRange, a.Number(1), a.Number(2)))),
        new("copy NAME OFFSET LENGTH OTHER OFFSET", "copy bytes to another file, sharing whole blocks (copy_file_range)", Copy),
        new("rename NAME NEW", "give a file another name, which takes the place of a file that had it", (bench, a) => Call(() => bench.Machine.Volume.Rename(a.Path(0), a.Path(1)))),
        new("sync", "write everything to the store; where the disk is kept, a crash loses nothing from before (sync)", (bench, _) => Call(bench.Machine.Volume.Sync)),
        new("crash", "cut the power, and switch the machine on again; it needs a disk that is kept", (bench, _) => Call(bench.Crash)),
    ];

    private static string? Copy(ExperimentBench bench, StepArguments a)
    {
        using var source = bench.Machine.Volume.Open(a.Path(0));
        using var target = bench.Machine.Volume.Open(a.Path(3), OpenFlags.ReadWrite | OpenFlags.Create);
        return $"{bench.Machine.Volume.CopyRange(source, a.Number(1), target, a.Number(4), a.Number(2))} bytes";
    }
}
