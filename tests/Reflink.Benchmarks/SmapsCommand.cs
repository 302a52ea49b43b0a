using System.CommandLine;
using System.Globalization;
using Reflink.Measuring;
using Reflink.Patching;
using Reflink.Units;
using Process = Reflink.Vm.Process;

namespace Reflink.Benchmarks;

/// <summary>
/// What private patching costs in memory: real processes map a binary and patch it, and their smaps files are added up; beside them a machine
/// that does the same. Counted, not timed.
/// </summary>
internal sealed class SmapsCommand() : MeasuringCommand("smaps", "The memory of 50 processes that patch a binary privately and revert, in the terms of smaps; this kernel beside.")
{
    private const int Sites = 30_000;
    private const int Processes = 50;
    private readonly Option<string> _binary = new("--binary") { Description = "The binary to patch.", DefaultValueFactory = _ => PatchedBinary.Default };

    protected override IReadOnlyList<Option> Options => [_binary];

    protected override Report Measure(int rounds, ParseResult line)
    {
        var binary = new PatchedBinary(line.GetValue(_binary)!, [Sites]);
        using var workers = PatchWorkers.TryStart(binary, Processes, out var why) ?? throw new ReflinkException(Errno.EOPNOTSUPP, $"no process can patch here: {why}");
        using var machine = new Machine(new MachineOptions { Memory = 4L << 30 });
        machine.Volume.Import(binary.Path, "/binary");
        var mapped = Enumerable.Range(0, Processes).Select(_ => Map(machine, binary)).ToList();
        workers.Map(Processes);
        var (claims, notes) = (new List<Claim>(), new List<string> { binary.Description });
        Compare("mapped", () => { }, _ => { });
        Compare("patched", () => workers.Patch(Processes, 0), m => PrivatePatch.Apply(m.Process, m.Address, binary.Sets[0]));
        Compare("reverted", () => workers.Revert(Processes, 0), m => PrivatePatch.Revert(m.Process, m.Address, binary.Sets[0]));
        return new Report(Name, rounds, [], claims) { Notes = notes };

        void Compare(string when, Action live, Action<(Process Process, long Address)> model)
        {
            Say(when);
            live();
            mapped.ForEach(model);
            var (kernel, ours) = (workers.Memory(), Memory(machine, mapped));
            notes.Add(string.Create(CultureInfo.InvariantCulture, $"{when}: kernel Pss {kernel.Pss / 1024.0:F2} MiB, Private_Dirty {kernel.PrivateDirty / 1024.0:F2} MiB"));
            notes.Add(string.Create(CultureInfo.InvariantCulture, $"{when}: model  Pss {ours.Pss / 1024.0:F2} MiB, Private_Dirty {ours.PrivateDirty / 1024.0:F2} MiB"));
            claims.Add(Claim.Exactly($"{when}, Private_Dirty, the model's difference", ours.PrivateDirty - kernel.PrivateDirty, 0, " KiB"));
            // Other processes of this computer may map the binary, too, and then have a share in its clean pages.
            claims.Add(Claim.Most($"{when}, Pss, the model's difference", Math.Abs(ours.Pss - kernel.Pss), Processes, " KiB"));
        }
    }

    private static (Process Process, long Address) Map(Machine machine, PatchedBinary binary)
    {
        using var file = machine.Volume.Open("/binary");
        var process = machine.Processes.Spawn(machine.Processes.User(0), "traced");
        var address = process.Memory.Map(file, binary.Text.Start.Offset, binary.Text.Length << Page.Shift, Protection.ReadExecute);
        for (var page = 0L; page < binary.Text.Length; page++)
        {
            process.Memory.Load<byte>(address + (page << Page.Shift));
        }

        return (process, address);
    }

    private static (long Pss, long PrivateDirty) Memory(Machine machine, IEnumerable<(Process Process, long Address)> mapped)
    {
        var smaps = machine.Smaps();
        var all = mapped.Select(m => smaps.Of(m.Process, m.Process.Memory.Find(m.Address)!)).ToList();
        return (all.Sum(e => e.PssKiB), all.Sum(e => e.PrivateDirty) >> 10);
    }
}
