using System.Globalization;
using Reflink.Fidelity;
using Reflink.Fidelity.Crash;
using Reflink.Fidelity.Reclaim;
using Reflink.Measuring;

return args is [KillRun.ChildName, var folder, var seed]
    ? KillRun.Child(folder, int.Parse(seed, CultureInfo.InvariantCulture))
    : MeasuringCommand.Main(
        "Compares Reflink's model with the kernel, live or recorded, and crashes its volumes.", args,
        [
            new CostsCommand().Build(), new KsmCommand().Build(), new PoliciesCommand().Build(), new ReclaimCommand().Build(),
            new VolumeCommand().Build(), new DeriveCommand().Build(), new CrashCommand().Build(),
        ]);
