using Reflink.Patching;

namespace Reflink.Studies.Experiments;

/// <summary>The steps that patch code, by each of the machine's ways.</summary>
internal static class PatchSteps
{
    private const byte Breakpoint = 0xcc;

    public static IReadOnlyList<StepForm> Forms { get; } =
    [
        new("sites NAME SET COUNT [SEED]", "make a patch set: breakpoints (0xcc) at random places of a file; equal seeds (usual: 1), equal places", (bench, a) => Sites(bench, a, (count, size) => new SplitMix((ulong)a.Number(3, 1)).Draw(count, size).Select(place => (long)place))),
        new("spread NAME SET COUNT", "make a patch set: breakpoints at equal distances, so that COUNT may be the file's number of pages", (bench, a) => Sites(bench, a, (count, size) => Enumerable.Range(0, count).Select(n => (long)n * size / count))),
        new("poke SET NAME PROCESS", "patch a mapping with text_poke(): equal pages are shared by all who are patched alike", (bench, a) => Text(bench, a, text => bench.Machine.TextPoke.Apply(text.Process, text.Address, bench.Patches.Set(a[0])))),
        new("unpoke SET NAME PROCESS", "take that back", (bench, a) => Text(bench, a, text => bench.Machine.TextPoke.Revert(text.Process, text.Address, bench.Patches.Set(a[0])))),
        new("patch SET NAME PROCESS", "patch private copies, as a debugger or mprotect and stores do", (bench, a) => Private(bench, a, isUndone: false)),
        new("unpatch SET NAME PROCESS", "write the old bytes over them; the copies stay", (bench, a) => Private(bench, a, isUndone: true)),
        new("overlay SET NAME USER", "patch a file for all processes of a user, present and future", (bench, a) => Overlay(bench, a, isUndone: false)),
        new("unoverlay SET NAME USER", "take that back", (bench, a) => Overlay(bench, a, isUndone: true)),
        new("probe SET NAME", "put uprobes there, in all processes that map the file, present and future", Probe),
        new("unprobe SET NAME", "take them away", Unprobe),
        new("variant NAME NEW SET", "make a derived file: the file with the set's bytes in it, made when it is read", Variant),
    ];

    private static string Sites(ExperimentBench bench, StepArguments a, Func<int, int, IEnumerable<long>> draw)
    {
        using var file = bench.Machine.Volume.Open(a.Path(0));
        var count = (int)Math.Min(a.Number(2), int.MaxValue);
        if (count == 0 || count > file.Size || file.Size > int.MaxValue)
        {
            throw new ReflinkException(Units.Errno.EINVAL, $"'{a[0]}' of {file.Size} bytes cannot have {a[2]} sites; take 1 to as many as it has bytes, of at most 2 GiB");
        }

        var builder = new PatchSetBuilder();
        var next = 0L;
        foreach (var drawn in draw(count, (int)file.Size))
        {
            // A byte that is a breakpoint already is no place for one: the next one is taken.
            var offset = Math.Max(drawn, next);
            Span<byte> old = [Breakpoint];
            while (file.Read(offset, old) == 1 && old[0] == Breakpoint)
            {
                offset++;
            }

            if (offset < file.Size)
            {
                builder.Add(offset, old, [Breakpoint]);
                next = offset + 1;
            }
        }

        bench.Patches.Add(a[1], builder.Build());
        return $"{builder.Count} sites";
    }

    private static string? Text(ExperimentBench bench, StepArguments a, Action<MappedFile> change)
    {
        change(bench.Mapping(a[1], a[2]));
        return null;
    }

    private static string? Private(ExperimentBench bench, StepArguments a, bool isUndone) => Text(bench, a, text =>
    {
        var set = bench.Patches.Set(a[0]);
        if (isUndone)
        {
            PrivatePatch.Revert(text.Process, text.Address, set);
        }
        else
        {
            PrivatePatch.Apply(text.Process, text.Address, set);
        }
    });

    private static string? Overlay(ExperimentBench bench, StepArguments a, bool isUndone)
    {
        var (user, set, overlays) = (bench.User(a[2]), bench.Patches.Set(a[0]), bench.Machine.Overlays);
        using var file = bench.Machine.Volume.Open(a.Path(1));
        _ = isUndone ? overlays.Revert(bench.Tool, user, file, set) : overlays.Apply(bench.Tool, user, file, set);
        return null;
    }

    private static string? Probe(ExperimentBench bench, StepArguments a)
    {
        using var file = bench.Machine.Volume.Open(a.Path(1));
        bench.Patches.Keep(a[0], a[1], bench.Machine.Uprobes.Attach(bench.Tool, file, bench.Patches.Set(a[0])));
        return null;
    }

    private static string? Unprobe(ExperimentBench bench, StepArguments a)
    {
        bench.Machine.Uprobes.Detach(bench.Tool, bench.Patches.TakeProbe(a[0], a[1]));
        return null;
    }

    private static string? Variant(ExperimentBench bench, StepArguments a)
    {
        var changes = bench.Patches.Set(a[2]).ToDescription(bench.Machine.Volume.Stat(a.Path(0)).Size);
        bench.Machine.Volume.Derive(changes, a.Path(1), a.Path(0));
        return null;
    }
}
